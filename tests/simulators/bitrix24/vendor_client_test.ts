/** What the simulator answers is understood by the vendor's client `@bitrix24/b24jssdk`. */
import assert from "node:assert/strict";
import { AjaxError, type AjaxResult, ApiVersion, type B24Hook } from "@bitrix24/b24jssdk";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add } from "./portal_place.ts";
import { hurriedTimers, vendorClient } from "./vendor_client.ts";

interface Listed {
  readonly id: string;
}

function retriesOf(client: B24Hook): number {
  return client.getHttpClient(ApiVersion.v2).getStats().retries;
}

Deno.test("the vendor's client walks through a list of more than two pages, each task once, by id", async () => {
  await using simulator = await startBitrix24Simulator();
  for (let i = 0; i < 120; i++) await add(simulator);
  const client = vendorClient(simulator);
  const request = {
    method: "tasks.task.list",
    params: { select: ["ID"], filter: { "!ID": 60 } },
    idKey: "id",
    cursorIdKey: "ID",
    customKeyForResult: "tasks",
  };
  const whole = await client.actions.v2.callList.make<Listed>(request);
  const expected = Array.from({ length: 120 }, (_, index) => String(index + 1)).filter((id) => id !== "60");
  assert.deepEqual(whole.getData()?.map(({ id }) => id), expected);
  const pages: number[] = [];
  for await (const page of client.actions.v2.fetchList.make<Listed>(request)) pages.push(page.length);
  assert.deepEqual(pages, [50, 50, 19]);
});

Deno.test("the vendor's client pages by offset with next and total", async () => {
  await using simulator = await startBitrix24Simulator();
  for (let i = 0; i < 60; i++) await add(simulator);
  const client = vendorClient(simulator);
  const list = (start: number) =>
    client.actions.v2.call.make<{ tasks: Listed[] }>({
      method: "tasks.task.list",
      params: { order: { ID: "asc" }, start },
    });
  const first = await list(0);
  assert.deepEqual([first.isMore(), first.getTotal()], [true, 60]);
  const second = await list(50);
  assert.deepEqual([second.isMore(), second.getData()?.result.tasks.length], [false, 10]);
});

Deno.test("the vendor's client runs a batch whose commands use earlier results", async () => {
  await using simulator = await startBitrix24Simulator();
  const client = vendorClient(simulator);
  const response = await client.actions.v2.batch.make({
    calls: {
      task: { method: "tasks.task.add", params: { fields: { TITLE: "Договор & счёт", RESPONSIBLE_ID: 7 } } },
      list: {
        method: "task.checklistitem.add",
        params: { TASKID: "$result[task][task][id]", FIELDS: { TITLE: "Проверить", PARENT_ID: 0 } },
      },
      item: {
        method: "task.checklistitem.add",
        params: { TASKID: "$result[task][task][id]", FIELDS: { TITLE: "Подпись", PARENT_ID: "$result[list]" } },
      },
      user: { method: "user.get", params: { ID: "$result[task][task][responsibleId]" } },
    },
    options: { isHaltOnError: true },
  });
  assert.ok(response.isSuccess, response.getErrorMessages().join("; "));
  assert.deepEqual(
    simulator.portal.checklists.of(1).map(({ title, parentId }) => [title, parentId]),
    [["Проверить", 0], ["Подпись", 901]],
  );
  assert.equal(simulator.people.openTasks()[0]?.title, "Договор & счёт");
});

Deno.test("the vendor's client tells the failed command of a batch from the others", async () => {
  await using simulator = await startBitrix24Simulator();
  const client = vendorClient(simulator);
  const calls = ["", "B"].map((TITLE) => ({
    method: "tasks.task.add",
    params: { fields: { TITLE, RESPONSIBLE_ID: 7 } },
  }));
  const response = await client.getHttpClient(ApiVersion.v2).batch(calls, { isHaltOnError: false });
  const results: Map<string | number, AjaxResult<unknown>> | undefined = response.getData()?.result;
  assert.deepEqual([...results?.values() ?? []].map(({ isSuccess }) => isSuccess), [false, true]);
  assert.match(response.getErrorMessages().join(), /Не указано название задачи/);
});

Deno.test("the vendor's client takes a 503 for the request limit, waits and repeats", async () => {
  await using simulator = await startBitrix24Simulator({ requestLimit: { perSecond: 10, burst: 2 } });
  const client = vendorClient(simulator);
  using _timers = hurriedTimers(5);
  const calls = await Promise.all(
    Array.from({ length: 4 }, () => client.actions.v2.call.make({ method: "user.get", params: { ID: 1 } })),
  );
  assert.ok(calls.every(({ isSuccess }) => isSuccess));
  assert.ok(retriesOf(client) >= 1);
  assert.equal(simulator.requestCount, 4 + retriesOf(client));
});

Deno.test("the vendor's client takes a 429 for a method's time limit, waits and repeats", async () => {
  const operatingLimit = { seconds: 1, windowMs: 300, secondsPerCall: 1.5 };
  await using simulator = await startBitrix24Simulator({ operatingLimit });
  const client = vendorClient(simulator);
  using _timers = hurriedTimers(20);
  const call = () => client.actions.v2.call.make({ method: "user.get", params: { ID: 1 } });
  assert.equal((await call()).getData()?.time?.operating, 1.5);
  assert.ok((await call()).isSuccess);
  assert.deepEqual([simulator.requestCount, retriesOf(client)], [3, 1]);
});

Deno.test("the vendor's client knows both limits by their codes, and a refusal by the portal's words", async () => {
  await using simulator = await startBitrix24Simulator();
  const client = vendorClient(simulator);
  const http = client.getHttpClient(ApiVersion.v2);
  await http.setRestrictionManagerParams({ ...http.getRestrictionManagerParams(), maxRetries: 1 });
  const refusal = async (params: object) => {
    const error: unknown = await http.call("tasks.task.add", { fields: params }).catch((error) => error);
    assert.ok(error instanceof AjaxError);
    return [error.status, error.code];
  };
  simulator.faults.failNext({ status: 503, error: "QUERY_LIMIT_EXCEEDED", description: "Too many requests" });
  assert.deepEqual(await refusal({}), [503, "QUERY_LIMIT_EXCEEDED"]);
  simulator.faults.failNext({ status: 429, error: "OPERATION_TIME_LIMIT" });
  assert.deepEqual(await refusal({}), [429, "OPERATION_TIME_LIMIT"]);
  assert.deepEqual(await refusal({ TITLE: "" }), [400, "ERROR_CORE"]);
});

Deno.test("without its extra parameters in the address the vendor's client reaches methods that count them", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const client = vendorClient(simulator);
  const comment = { TASKID: 1, FIELDS: { POST_MESSAGE: "Готово?" } };
  assert.ok((await client.actions.v2.call.make({ method: "task.commentitem.add", params: comment })).isSuccess);
  assert.deepEqual(simulator.comments("1"), ["Готово?"]);
});
