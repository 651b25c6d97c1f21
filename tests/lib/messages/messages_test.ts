import assert from "node:assert/strict";
import fc from "fast-check";
import type { Delivery } from "../../../lib/amqp/broker.ts";
import {
  decodeMessage,
  encodeMessage,
  type JsonObject,
  jsonObject,
  MalformedMessageError,
} from "../../../lib/messages/json.ts";
import {
  completedResponse,
  failedResponse,
  responseMessage,
  slimTask,
} from "../../../lib/messages/response_message.ts";
import { sentMessage } from "../../../lib/messages/sent_message.ts";
import { setAsideMessage, setAsideResponse, setAsideTask } from "../../../lib/messages/set_aside.ts";
import { taskMessage } from "../../../lib/messages/task_message.ts";

const fixtures = new URL("../../../../shared/fixtures/predecessor/", import.meta.url);
const recorded = (name: string): JsonObject => {
  const { body } = JSON.parse(Deno.readTextFileSync(new URL(`${name}.json`, fixtures)));
  return jsonObject.parse(body);
};
const haveFixtures = (() => {
  try {
    return Deno.statSync(fixtures).isDirectory;
  } catch {
    return false; // the project is built without them too
  }
})();

const task: JsonObject = { task_id: "t-1", activity_id: "A", worker_id: "w", variables: { loopCounter: 3, big: "x" } };
const route = { exchange: "camunda.external.tasks", routingKey: "errors.camunda_tasks" };
const utf8 = (text: string) => new TextEncoder().encode(text);

function deliveryOf(body: Uint8Array): Delivery {
  const fields = { queue: "camunda.responses.queue", exchange: "", routingKey: "camunda.responses.queue", body };
  return { ...fields, headers: {}, redelivered: false, settled: false, ack() {}, giveBack() {} };
}

if (haveFixtures) {
  Deno.test("the predecessor's recorded messages are read, and nothing of a task is lost on the way", () => {
    const body = recorded("task");
    const parsed = taskMessage.parse(body);
    for (const [name, value] of Object.entries(body)) assert.deepEqual(parsed[name], value, name);
    assert.equal(sentMessage.parse(recorded("sent")).original_message.task_id, body["task_id"]);
    assert.equal(responseMessage.parse(recorded("response")).processing_status, "completed_by_tracker");
  });
}

Deno.test("a task message is read with its optional fields absent or null, and refused without a task id", () => {
  const nulls = Object.fromEntries(
    ["topic", "variables", "process_variables", "metadata", "priority", "timestamp", "retries"].map((
      name,
    ) => [name, null]),
  );
  for (const more of [{}, nulls]) {
    const parsed = taskMessage.parse({ task_id: "t", ...more });
    assert.deepEqual([parsed.variables, parsed.process_variables, parsed.metadata, parsed.priority], [{}, {}, {}, 0]);
  }
  for (const task_id of [undefined, null, "", 7]) assert.equal(taskMessage.safeParse({ task_id }).success, false);
});

Deno.test("a malformed body says what is wrong and keeps its text", () => {
  const refused = (body: Uint8Array): MalformedMessageError => {
    try {
      decodeMessage(taskMessage, body);
    } catch (error) {
      if (error instanceof MalformedMessageError) return error;
    }
    throw new assert.AssertionError({ message: "the body was taken" });
  };
  assert.match(refused(utf8("{oops")).message, /not JSON/);
  assert.equal(refused(utf8("{oops")).rawBody, "{oops");
  assert.match(refused(Uint8Array.of(0x7b, 0xff)).message, /not UTF-8/);
  assert.match(refused(utf8("[1]")).message, /shape/);
  assert.match(refused(utf8("{}")).message, /task_id/);
});

Deno.test("any JSON object survives encoding and decoding, non-ASCII letters unescaped", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
    const text = JSON.stringify(value);
    fc.pre(!text.includes("__proto__"));
    assert.deepEqual(decodeMessage(jsonObject, encodeMessage(value)), JSON.parse(text));
  }));
  assert.match(new TextDecoder().decode(encodeMessage({ title: "Договор" })), /Договор/);
});

Deno.test("a key named __proto__ is dropped and changes no object's prototype", () => {
  const read = decodeMessage(jsonObject, utf8('{"__proto__":{"admin":true},"a":[{"__proto__":1,"b":2}]}'));
  assert.deepEqual(read, { a: [{ b: 2 }] });
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
  assert.equal("admin" in read, false);
  const hidden = decodeMessage(jsonObject, utf8('{"\\u005F_pr\\u006fto__":{"admin":true},"b":2}'));
  assert.deepEqual(Object.keys(hidden), ["b"]);
});

Deno.test("a slim task keeps what completing needs and drops the copies of all variables", () => {
  const metadata = {
    errorCatches: ["E"],
    loop: { kind: "parallel" },
    processVariables: { big: "x" },
    activityInfo: {},
  };
  const slim = slimTask(taskMessage.parse({ ...task, metadata }));
  assert.deepEqual(slim["variables"], { loopCounter: 3 });
  assert.deepEqual(Object.keys(jsonObject.parse(slim["metadata"])).toSorted(), [
    "activityInfo",
    "errorCatches",
    "loop",
  ]);
  assert.equal("process_variables" in slim, false);
  assert.equal(taskMessage.parse(slim).worker_id, "w");
});

Deno.test("our responses are read back as what they say", () => {
  const done = { response: { result: { task: { id: "1" } } }, answer: "ДА", variables: {} };
  const completed = responseMessage.parse(completedResponse(task, "bitrix24.queue", done, 1_500));
  assert.equal(completed.processing_status, "completed_by_tracker");
  assert.equal(completed["processed_at"], 1.5);
  assert.equal(completed.answer, "ДА");
  const failed = responseMessage.parse(failedResponse(task, "q", { message: "no" }, 0));
  assert.deepEqual([failed.processing_status, failed.error?.retries, failed.error?.retry_timeout_ms], ["failed", 0, 0]);
  const error = responseMessage.parse(failedResponse({ task_id: "t" }, "q", { message: "no", code: "E" }, 0));
  assert.deepEqual([error.processing_status, error.error?.code], ["bpmn_error", "E"]);
});

Deno.test("what is set aside keeps the predecessor's keys, the reason and the exact body", () => {
  const reason = { type: "json_parse_error", message: "not JSON", httpStatus: 500, rawAnswer: "<html>" };
  const bytes = Uint8Array.of(0x7b, 0xff);
  const about = { id: null, activityId: null };
  const read = (publication: { readonly body: Uint8Array }) => decodeMessage(jsonObject, publication.body);
  const response = setAsideResponse(route, deliveryOf(bytes), undefined, about, reason, 0);
  const body = read(response);
  assert.deepEqual(Object.keys(body).toSorted(), [
    "activity_id",
    "error_info",
    "error_timestamp",
    "kind",
    "original_message",
    "task_id",
  ]);
  assert.equal(body["task_id"], "unknown");
  assert.deepEqual(body["original_message"], { raw_body: "{\ufffd", raw_body_base64: "e/8=" });
  assert.equal(jsonObject.parse(body["error_info"])["raw_answer"], "<html>");
  assert.equal(response.ignoreSizeLimit, true);
  const kindA = read(setAsideTask(route, { id: "t", topic: "x" }, reason, 5));
  assert.deepEqual([kindA["type"], kindA["error"], kindA["timestamp"]], ["task_error", "not JSON", 5]);
  const creators = read(setAsideMessage(route, deliveryOf(utf8("{}")), {}, "t", "bitrix24", reason, 5));
  assert.deepEqual([creators["source_queue"], creators["requires_manual_intervention"]], [
    "camunda.responses.queue",
    true,
  ]);
});

Deno.test("a body that is nested too deeply to be handled is malformed; brackets in texts are none", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const nested = (depth: number) => bytes(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`);
  decodeMessage(jsonObject, nested(199));
  assert.throws(() => decodeMessage(jsonObject, nested(200)), /nested more than 200 levels/);
  assert.throws(() => decodeMessage(jsonObject, nested(1_000_000)), MalformedMessageError);
  const text = '[{"\\'.repeat(1_000);
  assert.deepEqual(decodeMessage(jsonObject, bytes(JSON.stringify({ text, list: [text] }))), { text, list: [text] });
});
