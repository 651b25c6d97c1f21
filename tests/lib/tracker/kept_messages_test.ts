import assert from "node:assert/strict";
import { bitrixWebhook } from "../../../adapters/bitrix24/webhook.ts";
import type { JsonObject } from "../../../lib/messages/json.ts";
import { slimTask } from "../../../lib/messages/response_message.ts";
import { KeptMessages } from "../../../lib/tracker/kept_messages.ts";
import { sent, task } from "../../adapters/bitrix24/messages.ts";

const webhook = bitrixWebhook(() => []);

Deno.test("a message is found by its object, with all that an answer carries home and nothing more", () => {
  const kept = new KeptMessages(webhook);
  const original = task("t-1", {
    worker_id: "w",
    variables: { loopCounter: 2, secret: "x".repeat(1_000) },
    process_variables: { secret: { value: "x".repeat(1_000), type: "String" } },
    metadata: { errorCatches: ["TASK_DECLINED"], loop: {}, activityInfo: { id: "A" }, inputParameters: { a: 1 } },
  });
  const response_data: JsonObject = { result: { task: { id: "7", description: "x".repeat(1_000) } } };
  kept.keep({ ...sent("t-1", "7"), original_message: original, response_data });
  const found = kept.get("7");
  assert.ok(found);
  assert.deepEqual(slimTask(found.original_message), slimTask(original));
  assert.deepEqual(found.response_data, { result: { task: { id: "7" } } });
  assert.equal(found.original_queue, "bitrix24.queue");
  assert.ok(!JSON.stringify(found).includes("xxx"));
});

Deno.test("a message that names no object is not kept, and what was never kept is not found", () => {
  const kept = new KeptMessages(webhook);
  kept.keep({ ...sent("t-1", "7"), response_data: {} });
  kept.forget({ ...sent("t-1", "7"), response_data: {} });
  kept.forget(sent("t-1", "7"));
  assert.equal(kept.has("7"), false);
  assert.equal(kept.get("7"), undefined);
});

Deno.test("of two tasks with one object the last counts, and only its own end makes it forgotten", () => {
  const kept = new KeptMessages(webhook);
  kept.keep(sent("t-1", "7"));
  kept.keep(sent("t-2", "7"));
  assert.equal(kept.get("7")?.original_message.task_id, "t-2");
  kept.forget(sent("t-1", "7"));
  assert.ok(kept.has("7"));
  kept.forget(sent("t-2", "7"));
  assert.ok(!kept.has("7"));
});

Deno.test("when there are too many the oldest go, and room is given back by those that end", () => {
  const size = new KeptMessages(webhook);
  size.keep(sent("t-1", "1"));
  const bytes = new TextEncoder().encode(JSON.stringify(size.get("1"))).byteLength;
  const kept = new KeptMessages(webhook, 3 * bytes);
  const keep = (...ids: string[]) => ids.forEach((id) => kept.keep(sent(`t-${id}`, id)));
  const held = () => ["1", "2", "3", "4", "5", "6"].filter((id) => kept.has(id)).join(" ");
  keep("1", "2", "3", "3");
  assert.equal(held(), "1 2 3");
  keep("4");
  assert.equal(held(), "2 3 4");
  kept.forget(sent("t-3", "3"));
  keep("5");
  assert.equal(held(), "2 4 5");
  keep("6");
  assert.equal(held(), "4 5 6");
});
