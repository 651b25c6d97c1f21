import assert from "node:assert/strict";
import { handleOtherTopics } from "../../../../adapters/bitrix24/topics/handle_other_topics.ts";
import { isOtherTopic, knownBitrixTopics } from "../../../../adapters/bitrix24/topics/topics.ts";
import { completedResponse, responseMessage, slimTask } from "../../../../lib/messages/response_message.ts";
import { logOf } from "../../../../lib/telemetry/log.ts";
import { mapResponse } from "../../../../lib/worker/response_variables.ts";
import { workerTopics } from "../../../../lib/worker/topics.ts";
import { workerSettings } from "../../../../lib/worker/worker_settings.ts";
import { add, call } from "../../../simulators/bitrix24/portal_place.ts";
import { asking, ledgerOf, openTopics, OPTIONS, refusalOf, variablesOf } from "./topic_place.ts";

for (const entity of ["deal", "lead", "contact", "company"] as const) {
  Deno.test(`bitrix_create_${entity} makes one with the model's fields, and the process gets its id`, async () => {
    await using place = await openTopics();
    const named = entity === "contact" ? { NAME: "Иван" } : { TITLE: "Поставка" };
    const [outcome] = await place.handle(asking(`bitrix_create_${entity}`, { ...named, COMMENTS: "a & b = c?" }));
    assert.deepEqual(variablesOf(outcome), { [`bitrix_${entity}_id`]: "1", Activity_A_id: "1" });
    assert.deepEqual(outcome?.kind === "done" && outcome.response, { result: { [entity]: { id: "1" } } });
    const { ORIGINATOR_ID, ORIGIN_ID, COMMENTS, TITLE, NAME } = place.simulator.crm.get(entity, 1) ?? {};
    assert.deepEqual([ORIGINATOR_ID, ORIGIN_ID, COMMENTS], ["exchanger", "ext-1", "a & b = c?"]);
    assert.equal(entity === "contact" ? NAME : TITLE, entity === "contact" ? "Иван" : "Поставка");
  });

  Deno.test(`a repeated bitrix_create_${entity} finds what the first one made`, async () => {
    await using place = await openTopics();
    const message = asking(`bitrix_create_${entity}`, { TITLE: "T", NAME: "N" });
    const other = asking(`bitrix_create_${entity}`, { TITLE: "T", NAME: "N" }, { taskId: "ext-2" });
    const first = await place.handle(message);
    const again = await place.handle(other, message);
    assert.deepEqual(again[1], first[0]);
    assert.deepEqual(ledgerOf(place.simulator), { "ext-1": ["1"], "ext-2": ["2"] });
  });
}

for (const entity of ["deal", "lead", "company"] as const) {
  Deno.test(`bitrix_update_${entity} changes the named one and nothing else of it`, async () => {
    await using place = await openTopics();
    const { crm } = place.simulator;
    for (const title of ["A", "B"]) crm.add(entity, { TITLE: title, COMMENTS: "old" }, "");
    const [outcome] = await place.handle(
      asking(`bitrix_update_${entity}`, { TITLE: "C" }, { variables: { [`bitrix_${entity}_id`]: "2" } }),
    );
    assert.deepEqual(variablesOf(outcome), {});
    assert.deepEqual(outcome?.kind === "done" && outcome.response, { result: { [entity]: { id: "2" } } });
    const shown = [1, 2].map((id) => [crm.get(entity, id)?.["TITLE"], crm.get(entity, id)?.["COMMENTS"]]);
    assert.deepEqual(shown, [["A", "old"], ["C", "old"]]);
  });
}

Deno.test("bitrix_update_task changes the task that was completed last, and dates get the portal's zone", async () => {
  await using place = await openTopics();
  await add(place.simulator, { TITLE: "old" });
  const fields = { TITLE: "new", DEADLINE: "2030-01-02" };
  const [outcome] = await place.handle(
    asking("bitrix_update_task", fields, {
      variables: { bitrix_task_id: "1", startedBy: "5", TITLE_2: "not modelled" },
    }),
  );
  assert.deepEqual(variablesOf(outcome), {});
  const { body } = await call(place.simulator, "tasks.task.get", { taskId: 1, select: ["TITLE", "DEADLINE"] });
  assert.equal(body.result.task.title, "new");
  assert.equal(Date.parse(body.result.task.deadline), Date.parse("2030-01-02T00:00:00+03:00"));
});

Deno.test("taskId is a task to change before bitrix_task_id is one", async () => {
  await using place = await openTopics();
  for (const TITLE of ["a", "b"]) await add(place.simulator, { TITLE });
  const variables = { bitrix_task_id: "1", taskId: 2 };
  variablesOf((await place.handle(asking("bitrix_update_task", { TITLE: "changed" }, { variables })))[0]);
  assert.deepEqual(place.simulator.people.openTasks().map(({ title }) => title), ["a", "changed"]);
});

Deno.test("what a finished task sets arrives in Camunda as texts, and no variable of another task is touched", async () => {
  await using place = await openTopics();
  await add(place.simulator);
  const create = asking("bitrix_create_deal", { TITLE: "T" }, { variables: { loopCounter: 3 } });
  const update = asking("bitrix_update_task", { TITLE: "T", taskId: 1 }, { taskId: "ext-2" });
  const outcomes = await place.handle(create, update);
  const arriving = [create, update].map((task, index) => {
    const outcome = outcomes[index];
    assert.equal(outcome?.kind, "done", JSON.stringify(outcome));
    const body = JSON.parse(JSON.stringify(completedResponse(slimTask(task), "bitrix24.queue", outcome, 0)));
    const response = responseMessage.parse(body);
    const { values, oddities } = mapResponse(response);
    return { variables: response.variables, values: [...values], oddities };
  });
  const id = { type: "String", value: "1", valueInfo: {} };
  assert.deepEqual(arriving, [
    { variables: { bitrix_deal_id: id, Activity_A_id: id, Activity_A_3_id: id }, values: [], oddities: [] },
    { variables: {}, values: [], oddities: [] },
  ]);
});

Deno.test("a creation whose answer was lost is ambiguous, and found by the next attempt", async () => {
  await using place = await openTopics();
  const message = asking("bitrix_create_deal", { TITLE: "T" });
  place.simulator.faults.dropAnswer("crm.deal.add");
  const [lost] = await place.handle(message);
  assert.deepEqual([lost?.kind, lost?.kind === "down" && lost.ambiguous], ["down", true]);
  assert.equal(variablesOf((await place.handle(message))[0])["bitrix_deal_id"], "1");
  assert.deepEqual(ledgerOf(place.simulator), { "ext-1": ["1"] });
});

Deno.test("a failed look-up creates nothing, whatever the failure", async () => {
  await using place = await openTopics();
  const message = asking("bitrix_create_lead", { TITLE: "T" });
  for (
    const [error, kind] of [["QUERY_LIMIT_EXCEEDED", "down"], ["ACCESS_DENIED", "down"], [
      "INTERNAL_SERVER_ERROR",
      "down",
    ]]
  ) {
    place.simulator.faults.failNext({ status: 503, error: String(error) }, { method: "crm.lead.list" });
    const [outcome] = await place.handle(message);
    assert.equal(outcome?.kind, kind, error);
    assert.notEqual(outcome?.kind === "down" && outcome.ambiguous, true);
  }
  place.simulator.faults.garbleNext("html", { method: "crm.lead.list" });
  assert.notEqual((await place.handle(message))[0]?.kind, "done");
  assert.deepEqual(place.simulator.crm.all("lead"), []);
});

Deno.test("a portal that ignores the search by key creates nothing", async () => {
  const foreign = [{ ID: "7", ORIGINATOR_ID: "exchanger", ORIGIN_ID: "ext-other" }];
  const sent: string[] = [];
  const client: Parameters<typeof handleOtherTopics>[2]["client"] = {
    runAll: (commands) => {
      sent.push(...commands.map(({ method }) => method));
      return Promise.resolve(commands.map(() => ({ ok: true, result: foreign })));
    },
  };
  const message = asking("bitrix_create_deal", { TITLE: "T" });
  const signal = new AbortController().signal;
  const [outcome] = await handleOtherTopics([message], OPTIONS, { client, log: logOf("test") }, signal);
  assert.equal(outcome?.kind, "down");
  assert.match(outcome.reason, /ignored the filter by ORIGIN_ID/);
  assert.deepEqual(sent, ["crm.deal.list"]);
});

Deno.test("of several objects for one external task the lowest id counts, and the others are reported", async () => {
  await using place = await openTopics();
  const { crm } = place.simulator;
  const key = { ORIGINATOR_ID: "exchanger", ORIGIN_ID: "ext-1" };
  for (const fields of [{}, key, key, { ...key, ORIGINATOR_ID: "shop" }]) {
    crm.add("company", { TITLE: "T", ...fields }, "");
  }
  const warned: unknown[] = [];
  const log = { ...logOf("test"), warn: (code: string, _: string, facts?: object) => warned.push([code, facts]) };
  const message = asking("bitrix_create_company", { TITLE: "T" });
  const [outcome] = await handleOtherTopics(
    [message],
    OPTIONS,
    { client: place.client, log },
    new AbortController().signal,
  );
  assert.equal(variablesOf(outcome)["bitrix_company_id"], "2");
  assert.deepEqual(warned, [["bitrix24.duplicates", { taskId: "ext-1", used: "2", others: "3" }]]);
});

Deno.test("a right for the CRM that is missing costs these tasks attempts and does not stop the others", async () => {
  await using place = await openTopics();
  await add(place.simulator, { TITLE: "old" });
  place.simulator.crm.add("deal", {}, "");
  const messages = [
    asking("bitrix_create_deal", { TITLE: "T" }),
    asking("bitrix_update_deal", { TITLE: "T", dealId: 1 }, { taskId: "ext-2" }),
    asking("bitrix_update_task", { TITLE: "new", taskId: 1 }, { taskId: "ext-3" }),
  ];
  for (const missing of ["inScope", "allowed"] as const) {
    place.simulator.crm[missing] = false;
    const outcomes = await place.handle(...messages);
    assert.deepEqual(outcomes.map(({ kind }) => kind), ["retry", "retry", "done"], missing);
    assert.match(outcomes[0]?.kind === "retry" ? outcomes[0].reason : "", /Give the webhook the right crm/);
    place.simulator.crm[missing] = true;
  }
  assert.deepEqual((await place.handle(...messages)).map(({ kind }) => kind), ["done", "done", "done"]);
});

Deno.test("a portal that is down says so for every task, and is asked once", async () => {
  await using place = await openTopics();
  place.simulator.faults.down = true;
  const outcomes = await place.handle(
    asking("bitrix_create_deal", { TITLE: "T" }),
    asking("bitrix_create_lead", { TITLE: "T" }, { taskId: "ext-2" }),
  );
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["down", "down"]);
  assert.equal(place.simulator.requestCount, 1);
});

Deno.test("an update whose answer was lost ends the same when it is repeated", async () => {
  await using place = await openTopics();
  place.simulator.crm.add("deal", { TITLE: "A" }, "");
  place.simulator.faults.dropAnswer("crm.deal.update");
  const message = asking("bitrix_update_deal", { TITLE: "B", dealId: 1 });
  assert.equal((await place.handle(message))[0]?.kind, "down");
  variablesOf((await place.handle(message))[0]);
  assert.equal(place.simulator.crm.get("deal", 1)?.["TITLE"], "B");
});

for (
  const [topic, code, words] of [
    ["bitrix_update_deal", "NOT_FOUND", /Cannot update deal 77: Bitrix24 answered: Not found\.$/],
    ["bitrix_update_lead", "NOT_FOUND", /Cannot update lead 77: Bitrix24 answered: Not found\.$/],
    ["bitrix_update_company", "NOT_FOUND", /Cannot update company 77: Bitrix24 answered: Company is not found\.$/],
    ["bitrix_update_task", "1048582", /Cannot update task 77: .*Действие над задачей не разрешено/],
  ] as const
) {
  Deno.test(`${topic} of an object that does not exist is refused in the portal's own words`, async () => {
    await using place = await openTopics();
    const { code: found, reason } = refusalOf((await place.handle(asking(topic, { ID: 77, TITLE: "T" })))[0]);
    assert.equal(found, code);
    assert.match(reason, words);
  });
}

Deno.test("what the portal rejects is refused alone, in the portal's own words and without its address", async () => {
  await using place = await openTopics();
  const outcomes = await place.handle(
    asking("bitrix_create_contact", { NAME: "A", EMAIL: "nowhere" }),
    asking("bitrix_create_contact", { NAME: "B", EMAIL: "b@example.com" }, { taskId: "ext-2" }),
  );
  const { code, reason } = refusalOf(outcomes[0]);
  assert.equal(code, "ERROR_CORE");
  assert.match(reason, /^Cannot create the contact: .*некорректный адрес/);
  assert.doesNotMatch(reason, /simulated-secret|127\.0\.0\.1/);
  assert.equal(outcomes[1]?.kind, "done");
});

Deno.test("120 tasks of all kinds cost six requests, and each outcome is in its place", async () => {
  await using place = await openTopics();
  const kinds = ["deal", "lead", "contact", "company"] as const;
  const messages = Array.from({ length: 120 }, (_, n) => {
    return asking(`bitrix_create_${kinds[n % 4]}`, { TITLE: `T${n}`, NAME: `N${n}` }, { taskId: `ext-${n}` });
  });
  const outcomes = await place.handle(...messages);
  assert.equal(place.simulator.requestCount, 6);
  for (const [n, outcome] of outcomes.entries()) {
    assert.equal(variablesOf(outcome)[`bitrix_${kinds[n % 4]}_id`], place.simulator.crm.ledger().get(`ext-${n}`)?.[0]);
  }
  assert.ok([...place.simulator.crm.ledger().values()].every((ids) => ids.length === 1));
});

Deno.test("nothing is asked of the portal for tasks that are refused, and the others are still done", async () => {
  await using place = await openTopics();
  const outcomes = await place.handle(
    asking("bitrix_create_invoice", { TITLE: "T" }),
    asking("bitrix_create_deal", { TITLE: "T" }, { taskId: "ext-2" }),
    asking("bitrix_create_deal", {}, { taskId: "ext-3" }),
  );
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["refused", "done", "refused"]);
  assert.deepEqual(ledgerOf(place.simulator), { "ext-2": ["1"] });
  await place.handle(asking("bitrix_create_invoice"));
  assert.equal(place.simulator.requestCount, 2);
});

Deno.test("a topic of Bitrix24 that nobody knows is refused with those that are known", async () => {
  await using place = await openTopics();
  for (const topic of ["bitrix_create_invoice", "Bitrix_Create_Deal", "bitrix_update_contact"]) {
    assert.ok(isOtherTopic(topic), topic);
    const { code, reason } = refusalOf((await place.handle(asking(topic, { TITLE: "T" })))[0]);
    assert.equal(code, "UNKNOWN_TOPIC");
    for (const named of [topic, ...knownBitrixTopics]) assert.ok(reason.includes(named), `${named} in: ${reason}`);
  }
  assert.equal(knownBitrixTopics.length, 9);
});

Deno.test("tasks for people stay with the creation of tasks", () => {
  for (const topic of ["bitrix_create_task", "bitrix24", "invoice_check", ""]) {
    assert.equal(isOtherTopic(topic), false, topic);
  }
});

Deno.test("topics beyond the 27 reach Bitrix24 by the setting that names them", () => {
  const text =
    "bitrix_create_lead=bitrix24,bitrix_update_lead=bitrix24,bitrix_create_company=bitrix24,bitrix_update_company=bitrix24";
  const topics = workerTopics([], workerSettings.WORKER_EXTRA_TOPICS.schema.parse(text));
  const fetched = topics.bySystem.get("bitrix24") ?? [];
  for (const topic of knownBitrixTopics) assert.ok(fetched.includes(topic), topic);
});

Deno.test("an aborted call returns outcomes and throws nothing", async () => {
  await using place = await openTopics();
  const deps = { client: place.client, log: logOf("test") };
  const messages = [asking("bitrix_create_deal", { TITLE: "T" })];
  const outcomes = await handleOtherTopics(messages, OPTIONS, deps, AbortSignal.abort());
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["down"]);
});
