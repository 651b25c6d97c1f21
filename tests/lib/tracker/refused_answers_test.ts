import assert from "node:assert/strict";
import { encodeMessage } from "../../../lib/messages/json.ts";
import { RefusedAnswers } from "../../../lib/tracker/refused_answers.ts";
import { embeddedWith } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

async function listening(tell: (taskIds: readonly string[]) => Promise<void>) {
  await using owned = new AsyncDisposableStack();
  const { broker } = owned.use(await embeddedWith([]));
  const log = new RecordedLog();
  const drain = new AbortController();
  const signals = { signal: drain.signal, force: new AbortController().signal };
  const refused = new RefusedAnswers({ broker, adapter: { name: "bitrix24" }, tell, log }, signals);
  owned.defer(async () => {
    drain.abort();
    await refused.ended();
  });
  const parts = owned.move();
  return {
    log,
    emit: (event: string, body: object) => broker.emit(`task.${event}.bitrix24`, encodeMessage(body)),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

Deno.test("people are told of answers that the worker set aside, and of nothing else", async () => {
  const told: string[] = [];
  await using world = await listening((taskIds) => {
    told.push(...taskIds);
    return Promise.resolve();
  });
  world.emit("set_aside", { program: "creator", task_id: "a" });
  world.emit("completed", { program: "worker", task_id: "b" });
  world.emit("set_aside", { program: "worker" });
  world.emit("set_aside", { program: "worker", task_id: "c" });
  world.emit("set_aside", { program: "worker", task_id: "d" });
  await eventually(() => told.includes("d"), "the last is told");
  assert.deepEqual(told, ["c", "d"]);
});

Deno.test("a target that cannot be told is reported once, and later answers are told all the same", async () => {
  const told: string[] = [];
  let down = true;
  await using world = await listening(async (taskIds) => {
    await Promise.resolve();
    if (down) throw new Error("the portal is down");
    told.push(...taskIds);
  });
  world.emit("set_aside", { program: "worker", task_id: "a" });
  await eventually(() => world.log.codes.includes("tracker.refused_answers_failed"), "the failure is reported");
  down = false;
  world.emit("set_aside", { program: "worker", task_id: "b" });
  await eventually(() => told.length > 0, "the later one is told");
  assert.deepEqual(told, ["b"]);
});
