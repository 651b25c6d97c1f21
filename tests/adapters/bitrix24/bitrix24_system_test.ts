import assert from "node:assert/strict";
import { bitrixSettings } from "../../../adapters/bitrix24/bitrix_settings.ts";
import { openBitrix24 } from "../../../adapters/bitrix24/open_bitrix24.ts";
import { readSettings } from "../../../lib/config/read_settings.ts";
import type { SentMessage } from "../../../lib/messages/sent_message.ts";
import { logOf } from "../../../lib/telemetry/log.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import { sent, task } from "./messages.ts";
import { idOf, never, portal } from "./portal_place.ts";

Deno.test("without a webhook Bitrix24 is not served", () => {
  const { settings } = readSettings(bitrixSettings, {});
  assert.ok(settings);
  assert.equal(openBitrix24(settings, { clock: systemClock, log: logOf("test") }), undefined);
});

Deno.test("a task is created with what the process says, and reported as the predecessor did", async () => {
  await using place = await portal();
  const message = task("ext-1", {
    metadata: {
      activityInfo: { name: "Проверить договор" },
      extensionProperties: { assigneeId: "7", UF_RESULT_EXPECTED: "1", UF_RESULT_QUESTION: "Согласны?" },
    },
  });
  const [outcome] = await place.system.create([message], never);
  assert.equal(outcome?.kind, "created");
  assert.equal(outcome.id, "1");
  assert.equal(outcome.url, new URL("/company/personal/user/7/tasks/task/view/1/", place.simulator.pageUrl).href);
  const { result } = JSON.parse(JSON.stringify(outcome.response));
  const { id, title, status, responsibleId, ufCamundaIdExternalTask, ufResultExpected } = result.task;
  assert.deepEqual(
    { id, title, status, responsibleId, ufCamundaIdExternalTask, ufResultExpected },
    {
      id: "1",
      title: "Проверить договор",
      status: "2",
      responsibleId: "7",
      ufCamundaIdExternalTask: "ext-1",
      ufResultExpected: "1",
    },
  );
  const [open] = place.simulator.people.openTasks();
  assert.deepEqual([open?.question, open?.answerExpected], ["Согласны?", true]);
});

Deno.test("a repeated create finds the task instead of making a second one", async () => {
  await using place = await portal();
  const first = await place.system.create([task("ext-1"), task("ext-2")], never);
  const second = await place.system.create([task("ext-2"), task("ext-1"), task("ext-3")], never);
  assert.deepEqual(second.slice(0, 2).map(idOf), first.map(idOf).reverse());
  assert.deepEqual([...place.simulator.ledger().values()].map((ids) => ids.length), [1, 1, 1]);
});

Deno.test("120 tasks are looked up and created in batches, each with its own outcome in its place", async () => {
  await using place = await portal({ BITRIX_CREATE_BATCH: "50" });
  const outcomes = await place.system.create(Array.from({ length: 120 }, (_, n) => task(`ext-${n}`)), never);
  const ledger = place.simulator.ledger();
  assert.deepEqual(outcomes.map(idOf), outcomes.map((_, n) => ledger.get(`ext-${n}`)?.[0]));
  assert.equal(place.simulator.requestCount, 7); // one look at the fields, three look-ups, three creations
});

Deno.test("an unknown assignee refuses that task alone", async () => {
  await using place = await portal();
  const wrong = task("ext-2", { metadata: { extensionProperties: { assigneeId: "9999" } } });
  const outcomes = await place.system.create([task("ext-1"), wrong, task("ext-3")], never);
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["created", "refused", "created"]);
  const [, refused] = outcomes;
  assert.equal(refused?.kind === "refused" && refused.code, "ASSIGNEE_ID_ERROR");
});

Deno.test("a failed look-up creates nothing", async () => {
  await using place = await portal();
  await place.system.create([task("ext-1")], never);
  for (const error of ["QUERY_LIMIT_EXCEEDED", "INTERNAL_SERVER_ERROR"]) {
    place.simulator.faults.failNext({ status: 503, error }, { method: "tasks.task.list" });
    const [outcome] = await place.system.create([task("ext-1")], never);
    assert.equal(outcome?.kind, "down");
    assert.notEqual(outcome.ambiguous, true);
  }
  assert.deepEqual([...place.simulator.ledger().values()], [["1"]]);
});

Deno.test("a creation whose answer was lost is ambiguous, and found by the next attempt", async () => {
  await using place = await portal();
  place.simulator.faults.dropAnswer("tasks.task.add");
  const [lost] = await place.system.create([task("ext-1")], never);
  assert.deepEqual([lost?.kind, lost?.kind === "down" && lost.ambiguous], ["down", true]);
  const [found] = await place.system.create([task("ext-1")], never);
  assert.equal(idOf(found), "1");
  assert.deepEqual([...place.simulator.ledger().values()], [["1"]]);
});

Deno.test("a portal that is down says so for every task, and what it gets is not repeated to it", async () => {
  await using place = await portal();
  place.simulator.faults.down = true;
  const outcomes = await place.system.create([task("ext-1"), task("ext-2")], never);
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["down", "down"]);
  assert.equal(place.simulator.requestCount, 1);
});

Deno.test("a portal whose tasks lack the key field gets no task, since none would be found again", async () => {
  await using place = await portal();
  const [key] = place.simulator.fields.splice(0, 1);
  const [outcome] = await place.system.create([task("ext-1")], never);
  assert.equal(outcome?.kind, "down");
  assert.match(outcome.reason, /UF_CAMUNDA_ID_EXTERNAL_TASK is missing/);
  assert.equal(place.simulator.people.openTasks().length, 0);

  if (key !== undefined) place.simulator.fields.push(key);
  idOf((await place.system.create([task("ext-1")], never))[0]);
});

Deno.test("a key field taken away later stops creations, because a search then shows any tasks", async () => {
  await using place = await portal();
  await place.system.create([task("ext-1")], never);
  place.simulator.fields.splice(0, 1);
  const [outcome] = await place.system.create([task("ext-2")], never);
  assert.equal(outcome?.kind, "down");
  assert.match(outcome.reason, /cannot search by UF_CAMUNDA_ID_EXTERNAL_TASK/);
  assert.equal(place.simulator.people.openTasks().length, 1);
});

Deno.test("an aborted create returns outcomes and throws nothing", async () => {
  await using place = await portal();
  const outcomes = await place.system.create([task("ext-1")], AbortSignal.abort());
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["down"]);
});

Deno.test("open, finished, declined and deleted tasks are told apart", async () => {
  await using place = await portal();
  const { people } = place.simulator;
  const expected = { metadata: { extensionProperties: { UF_RESULT_EXPECTED: "да" } } };
  const ids = (await place.system.create(["a", "b", "c", "d", "e"].map((id) => task(id, expected)), never)).map(idOf);
  const [, yes = "", no = "", declined = "", deleted = ""] = ids;
  people.finish(yes, { answer: "ДА" });
  people.finish(no, { answer: "НЕТ" });
  people.decline(declined);
  people.delete(deleted);

  const progress = await place.system.track(ids.map((id) => sent(`ext-${id}`, id)), never);
  assert.deepEqual(progress.map(({ kind }) => kind), ["open", "done", "done", "cancelled", "missing"]);
  const [, done] = progress;
  assert.deepEqual(done?.kind === "done" && done.response, {
    result: {
      task: {
        id: yes,
        title: "Задача из Camunda процесса (bitrix_create_task)",
        status: "5",
        ufResultExpected: "1",
        ufResultAnswer_text: "ДА",
      },
      questionnaires: { taskId: Number(yes), items: [], total: 0, has_codes: false },
    },
  });
});

Deno.test("a task finished without an answer is done and has no answer text", async () => {
  await using place = await portal();
  const [id = ""] = (await place.system.create([task("a")], never)).map(idOf);
  place.simulator.people.finish(id);
  const [progress] = await place.system.track([sent("a", id)], never);
  assert.deepEqual(progress?.kind === "done" && progress.response["result"], {
    task: { id, title: "Проверить договор", status: "5" },
    questionnaires: { taskId: Number(id), items: [], total: 0, has_codes: false },
  });
});

Deno.test("an answer that the portal does not explain is looked at again, never taken for a no", async () => {
  await using place = await portal();
  const [id = ""] = (await place.system.create([task("a")], never)).map(idOf);
  place.simulator.people.finish(id, { answer: "ДА" });
  const at = place.simulator.fields.findIndex(({ name }) => name === "UF_RESULT_ANSWER");
  const [field] = place.simulator.fields.splice(at, 1);
  assert.equal((await place.system.track([sent("a", id)], never))[0]?.kind, "retry");
  if (field !== undefined) place.simulator.fields.push(field);
  assert.equal((await place.system.track([sent("a", id)], never))[0]?.kind, "done");
});

Deno.test("130 tasks are tracked with one request", async () => {
  await using place = await portal({ BITRIX_CREATE_BATCH: "50" });
  const ids = (await place.system.create(Array.from({ length: 130 }, (_, n) => task(`x${n}`)), never)).map(idOf);
  const before = place.simulator.requestCount;
  const progress = await place.system.track(ids.map((id) => sent(`x${id}`, id)), never);
  assert.ok(progress.every(({ kind }) => kind === "open"));
  assert.equal(place.simulator.requestCount - before, 1);
});

Deno.test("a portal that is down is down for every tracked task, and nothing looks deleted", async () => {
  await using place = await portal();
  place.simulator.faults.down = true;
  const progress = await place.system.track([sent("a", "1"), sent("b", "2")], never);
  assert.deepEqual(progress.map(({ kind }) => kind), ["down", "down"]);
});

Deno.test("withdrawing a task leaves a comment for its people", async () => {
  await using place = await portal();
  const [id = ""] = (await place.system.create([task("a")], never)).map(idOf);
  assert.deepEqual(await place.system.withdraw([sent("a", id)], "gone", never), [{ kind: "withdrawn" }]);
  assert.match(place.simulator.comments(id)[0] ?? "", /Процесс больше не ждёт/);
});

Deno.test("check names the fields that are missing or of another type", async () => {
  await using place = await portal();
  assert.ok((await place.system.check(never)).every(({ ok }) => ok));
  const { fields } = place.simulator;
  fields.splice(0, fields.length, { id: 1, name: "UF_RESULT_EXPECTED", type: "string", values: new Map() });
  const check = (await place.system.check(never)).find(({ name }) => name === "Bitrix24: task fields");
  assert.match(check?.detail ?? "", /UF_ELEMENT_ID is missing \(string\)/);
  assert.match(check?.detail ?? "", /UF_RESULT_EXPECTED is of type string, not boolean/);
  assert.ok(check?.remedy);

  place.simulator.faults.down = true;
  assert.deepEqual((await place.system.check(never)).map(({ ok }) => ok), [false]);
});

Deno.test("a webhook that may not see everybody's tasks creates none, unless settings say that it does see them", async () => {
  const simulator = { admin: false };
  {
    await using place = await portal({}, simulator);
    const [outcome] = await place.system.create([task("ext-1")], never);
    assert.equal(outcome?.kind, "down");
    assert.match(outcome.reason, /no administrator.*BITRIX_SEES_ALL_TASKS/);
    assert.equal(place.simulator.ledger().size, 0);
  }
  await using place = await portal({ BITRIX_SEES_ALL_TASKS: "true" }, simulator);
  assert.equal((await place.system.create([task("ext-1")], never))[0]?.kind, "created");
});

Deno.test("a task that was perhaps created is withdrawn by its key; what is not there or was deleted needs no word", async () => {
  await using place = await portal();
  const [id = ""] = (await place.system.create([task("a")], never)).map(idOf);
  const tried = (taskId: string) => ({ ...sent(taskId, ""), response_data: {} });
  const kinds = async (...messages: SentMessage[]) =>
    (await place.system.withdraw(messages, "gone", never)).map(({ kind }) => kind);
  assert.deepEqual(await kinds(tried("never created"), tried("a")), ["withdrawn", "withdrawn"]);
  assert.equal(place.simulator.comments(id).length, 1);
  place.simulator.people.delete(id);
  assert.deepEqual(await kinds(sent("a", id)), ["withdrawn"]);

  place.simulator.faults.down = true;
  assert.deepEqual(await kinds(tried("a"), sent("a", id)), ["down", "down"]);
});

Deno.test("120 withdrawals cost three requests, and one to see which tasks are still open", async () => {
  await using place = await portal({ BITRIX_CREATE_BATCH: "50" });
  const ids = (await place.system.create(Array.from({ length: 120 }, (_, n) => task(`x${n}`)), never)).map(idOf);
  const before = place.simulator.requestCount;
  await place.system.withdraw(ids.map((id, n) => sent(`x${n}`, id)), "gone", never);
  assert.equal(place.simulator.requestCount - before, 4);
  assert.ok(ids.every((id) => place.simulator.comments(id).length === 1));
});

Deno.test("of a task and its copy by a person the first is found", async () => {
  await using place = await portal();
  const [id = ""] = (await place.system.create([task("a")], never)).map(idOf);
  place.simulator.people.copy(id);
  assert.equal(idOf((await place.system.create([task("a")], never))[0]), id);
});
