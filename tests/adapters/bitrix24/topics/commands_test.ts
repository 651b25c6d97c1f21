import assert from "node:assert/strict";
import { handleOtherTopics } from "../../../../adapters/bitrix24/topics/handle_other_topics.ts";
import type { Command } from "../../../../lib/bitrix24/client.ts";
import type { Json } from "../../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../../lib/messages/task_message.ts";
import { logOf } from "../../../../lib/telemetry/log.ts";
import { asking, OPTIONS } from "./topic_place.ts";

/** What is asked of a portal that gives these answers, by method, and how the task ends. */
async function askedOf(answers: Readonly<Record<string, Json>>, task: TaskMessage) {
  const commands: Command[] = [];
  const client: Parameters<typeof handleOtherTopics>[2]["client"] = {
    runAll: (asked) => {
      commands.push(...asked);
      return Promise.resolve(asked.map(({ method }) => ({ ok: true, result: answers[method] ?? null })));
    },
  };
  const signal = new AbortController().signal;
  const [outcome] = await handleOtherTopics([task], OPTIONS, { client, log: logOf("test") }, signal);
  return { commands, outcome };
}

Deno.test("a creation looks for its key first, the oldest first and uncounted, and then says what the vendor documents", async () => {
  const inputs = { TITLE: "T", OPPORTUNITY: 10.5, REGISTER_SONET_EVENT: false };
  const answers = { "crm.deal.list": [], "crm.deal.add": 394 };
  const { commands } = await askedOf(answers, asking("bitrix_create_deal", inputs));
  const key = { ORIGINATOR_ID: "exchanger", ORIGIN_ID: "ext-1" };
  assert.deepEqual(commands, [
    {
      method: "crm.deal.list",
      params: { order: { ID: "ASC" }, filter: key, select: ["ID", "ORIGINATOR_ID", "ORIGIN_ID"], start: -1 },
    },
    {
      method: "crm.deal.add",
      params: { fields: { TITLE: "T", OPPORTUNITY: 10.5, ...key }, params: { REGISTER_SONET_EVENT: "N" } },
    },
  ]);
});

Deno.test("a change says what the vendor documents, and parameters of the call only when there are some", async () => {
  const inputs = { TITLE: "T", dealId: "7" };
  const plain = await askedOf({ "crm.deal.update": true }, asking("bitrix_update_deal", inputs));
  assert.deepEqual(plain.commands, [{ method: "crm.deal.update", params: { id: 7, fields: { TITLE: "T" } } }]);
  const silent = { ...inputs, REGISTER_HISTORY_EVENT: "N" };
  const { commands } = await askedOf({ "crm.deal.update": true }, asking("bitrix_update_deal", silent));
  assert.deepEqual(commands[0]?.params["params"], { REGISTER_HISTORY_EVENT: "N" });
  const ofTask = await askedOf({ "tasks.task.update": {} }, asking("bitrix_update_task", { TITLE: "T", taskId: 7 }));
  assert.deepEqual(ofTask.commands, [{ method: "tasks.task.update", params: { taskId: 7, fields: { TITLE: "T" } } }]);
});

Deno.test("a look-up whose answer cannot be understood is never taken for not found", async () => {
  for (const answer of [null, {}, "", false, [{ ID: "0" }], [{ TITLE: "T" }], [[]]]) {
    const answers = { "crm.deal.list": answer, "crm.deal.add": 1 };
    const { commands, outcome } = await askedOf(answers, asking("bitrix_create_deal", { TITLE: "T" }));
    assert.deepEqual([outcome?.kind, commands.length], ["retry", 1], JSON.stringify(answer));
  }
});

Deno.test("a creation that is answered without an id may have taken effect", async () => {
  for (const answer of [null, 0, true, "", "-1", {}]) {
    const answers = { "crm.deal.list": [], "crm.deal.add": answer };
    const { outcome } = await askedOf(answers, asking("bitrix_create_deal", { TITLE: "T" }));
    assert.deepEqual([outcome?.kind, outcome?.kind === "retry" && outcome.ambiguous], ["retry", true]);
  }
});

Deno.test("a change that the portal does not confirm is tried again", async () => {
  const update = asking("bitrix_update_deal", { TITLE: "T", dealId: 7 });
  assert.equal((await askedOf({ "crm.deal.update": false }, update)).outcome?.kind, "retry");
});

Deno.test("an object that the portal does not show is not given its phone numbers a second time", async () => {
  const update = asking("bitrix_update_lead", { PHONE: "1", leadId: 7 });
  const { commands, outcome } = await askedOf({ "crm.lead.get": [], "crm.lead.update": true }, update);
  assert.deepEqual([outcome?.kind, commands.map(({ method }) => method)], ["retry", ["crm.lead.get"]]);
});
