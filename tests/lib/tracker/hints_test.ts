/** What a tracker makes of hints, over scripted neighbours: looks in between, and the messages that come back afterwards. */
import assert from "node:assert/strict";
import { bitrixWebhook } from "../../../adapters/bitrix24/webhook.ts";
import type { Progress } from "../../../adapters/target_system.ts";
import { decodeMessage, encodeMessage, type JsonObject, jsonObject } from "../../../lib/messages/json.ts";
import type { SentMessage } from "../../../lib/messages/sent_message.ts";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { type Clock, systemClock } from "../../../lib/time/clock.ts";
import { HintLine, type HintOutcome } from "../../../lib/tracker/hint_line.ts";
import { LookIntervals } from "../../../lib/tracker/look_intervals.ts";
import { OpenTasks } from "../../../lib/tracker/open_tasks.ts";
import { Tracker } from "../../../lib/tracker/tracker.ts";
import { readyIn } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { Inbox } from "../amqp/inbox.ts";
import { put, ScriptedSystem, scriptedWorld } from "../creator/scripted_system.ts";

const SENT = "bitrix24.sent.queue";
const WAITING = "bitrix24.waiting.60s";
const RESPONSES = "camunda.responses.queue";
const GATHER_MS = 50;

/** Tells of changes as Bitrix24 does; a look takes as long as the test wants. */
class CallingSystem extends ScriptedSystem {
  readonly webhook = bitrixWebhook(() => []);
  /** The task ids of each look. */
  readonly looks: string[][] = [];
  until: Promise<void> = Promise.resolve();

  override async track(sent: readonly SentMessage[]): Promise<Progress[]> {
    this.looks.push(sent.map(({ original_message }) => original_message.task_id));
    const progress = super.track(sent);
    await this.until;
    return await progress;
  }
}

const done: Progress = { kind: "done", variables: {}, response: { result: { task: { id: "7", status: "5" } } } };

/** Begins a second after a tick, so that what waits does not come back before a test plays that. */
class TestClock implements Clock {
  readonly #shiftMs = 1_000 - Date.now() % 60_000;
  /** How often hints were gathered. */
  gathered = 0;

  now(): number {
    return Date.now() + this.#shiftMs;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await systemClock.sleep(ms, signal);
    if (ms === GATHER_MS) this.gathered++;
  }
}

/** A tracker that takes hints; ends with the test. */
async function hintedWorld() {
  const clock = new TestClock();
  const world = await scriptedWorld(clock);
  const metrics = createMetrics("test", "0");
  const line = new HintLine("bitrix24", metrics.meter);
  const adapter = new CallingSystem();
  const openTasks = new OpenTasks("bitrix24", [60], world.meter, clock);
  const options = {
    intervals: new LookIntervals(60),
    batchSize: 100,
    windowMs: 20,
    leaseMs: 86_400_000,
    workerId: "universal-worker",
    missingShare: 0.1,
  };
  const tracker = new Tracker(options, { ...world.deps, adapter, openTasks, hints: line }, world.signals);
  const metric = async (pattern: string) =>
    Number(new RegExp(`^${pattern} (\\d+)`, "m").exec(await metrics.render())?.[1] ?? 0);
  return {
    ...world,
    adapter,
    clock,
    line,
    tracker,
    /** Waits until so many hints came to this. */
    async counted(outcome: HintOutcome, times: number) {
      const pattern = `exchanger_hints_total\\{[^}]*outcome="${outcome}"[^}]*\\}`;
      await eventually(async () => await metric(pattern) === times, `${times} hints ${outcome}`);
    },
    async endedWaits(times: number) {
      const pattern = "exchanger_hinted_waits_ended_total\\{[^}]*\\}";
      await eventually(async () => await metric(pattern) === times, `${times} ended waits`);
    },
    /** Open tasks with these ids, which wait. */
    async openTasks(...ids: string[]) {
      for (const id of ids) {
        world.camunda.add(id);
        await put(world.broker, SENT, sentMessageOf(id));
      }
      await eventually(async () => await readyIn(world.broker, WAITING) === ids.length, "all wait");
    },
    /** As the broker brings a message back from waiting. */
    async comesBack(id: string) {
      const headers = { "x-looks": 1 };
      await world.broker.publish({ exchange: "", routingKey: SENT, body: encodeMessage(sentMessageOf(id)), headers });
    },
    async [Symbol.asyncDispose]() {
      world.stop();
      await tracker.ended();
      await world[Symbol.asyncDispose]();
    },
  };
}

/** The task `t-7` has the object `7`. */
function sentMessageOf(taskId: string): JsonObject {
  const original_message = {
    task_id: taskId,
    activity_id: "A",
    worker_id: "w",
    topic: "t",
    variables: { secret: "x".repeat(1000) },
  };
  const task = { id: taskId.replace("t-", ""), description: "x".repeat(1000) };
  return { original_queue: "bitrix24.queue", original_message, response_data: { result: { task } } };
}

Deno.test("a task that was finished between two looks is answered as soon as its target tells of it", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7", "t-8");
  world.adapter.onTrack = () => done;
  world.line.give(["7"]);
  const { body } = await new Inbox(world.broker, RESPONSES, 1).at(0);
  const answer = decodeMessage(jsonObject, body);
  assert.deepEqual(answer["response_data"], done.kind === "done" && done.response);
  assert.deepEqual([answer["processing_status"], answer["original_queue"]], ["completed_by_tracker", "bitrix24.queue"]);
  const { task_id, activity_id, worker_id } = jsonObject.parse(answer["original_message"]);
  assert.deepEqual({ task_id, activity_id, worker_id }, { task_id: "t-7", activity_id: "A", worker_id: "w" });
  assert.doesNotMatch(JSON.stringify(answer), /xxx/);
  await world.counted("answered", 1);
  assert.deepEqual(world.adapter.looks.at(-1), ["t-7"]);
  assert.equal(await readyIn(world.broker, WAITING), 2);
});

for (const state of ["still has", "no longer has"]) {
  Deno.test(`a message whose task a hint has answered ends without a word when Camunda ${state} it`, async () => {
    await using world = await hintedWorld();
    await world.openTasks("t-7");
    world.adapter.onTrack = () => done;
    world.line.give(["7"]);
    await world.counted("answered", 1);
    if (state === "no longer has") world.camunda.tasks.delete("t-7");
    const looks = world.adapter.looks.length;
    await world.comesBack("t-7");
    await world.endedWaits(1);
    await eventually(async () => await readyIn(world.broker, SENT) === 0, "it is done with");
    assert.equal(world.adapter.looks.length, looks);
    assert.deepEqual(world.adapter.withdrawn, []);
    assert.equal(await readyIn(world.broker, RESPONSES), 1);
    assert.equal(await readyIn(world.broker, WAITING), 1, "only the copy that this test has played twice");
  });
}

Deno.test("a task that is handed out anew after its answer is looked at and answered again", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7");
  world.adapter.onTrack = () => done;
  world.line.give(["7"]);
  await world.counted("answered", 1);
  await put(world.broker, SENT, sentMessageOf("t-7"));
  await eventually(async () => await readyIn(world.broker, RESPONSES) === 2, "a second answer");
});

Deno.test("only answers are given at once: everything else is left to the next tick", async () => {
  await using world = await hintedWorld();
  const outcomes: Record<string, Progress> = {
    "t-1": { kind: "open" },
    "t-2": { kind: "cancelled", code: "TASK_DECLINED", reason: "declined" },
    "t-3": { kind: "missing" },
    "t-4": { kind: "retry", reason: "?" },
    "t-5": { kind: "down", reason: "502" },
  };
  const ids = ["t-1", "t-2", "t-3", "t-4", "t-5", "t-6", "t-7", "t-8", "t-9"];
  await world.openTasks(...ids);
  world.adapter.onTrack = ({ original_message }) => outcomes[original_message.task_id] ?? done;
  world.camunda.add("t-6", { suspended: true });
  world.camunda.tasks.delete("t-7");
  const shown = world.camunda.tasks.get("t-8");
  if (shown !== undefined) world.camunda.tasks.set("t-8", { ...shown, topicName: "other" });
  world.line.give(ids.map((id) => id.replace("t-", "")));
  await world.counted("answered", 1);
  await world.counted("open", 1);
  await world.counted("left", 7);
  const answer = decodeMessage(jsonObject, (await new Inbox(world.broker, RESPONSES, 1).at(0)).body);
  assert.equal(jsonObject.parse(answer["original_message"])["task_id"], "t-9");
  assert.equal(await readyIn(world.broker, RESPONSES), 0);
  assert.deepEqual(world.adapter.withdrawn, []);
  assert.equal(await readyIn(world.broker, "errors.camunda_tasks.queue"), 0);
  assert.equal(world.deps.health.readiness().ready, true);
});

Deno.test("a hint about nothing that waits asks nobody, also when its task has ended or is no longer wanted", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7", "t-8");
  world.adapter.onTrack = ({ original_message }) => original_message.task_id === "t-7" ? done : { kind: "open" };
  world.camunda.tasks.delete("t-8");
  for (const id of ["t-7", "t-8"]) await world.comesBack(id);
  await eventually(() => world.adapter.withdrawn.length === 1, "withdrawn");
  await eventually(async () => await readyIn(world.broker, RESPONSES) === 1, "answered");
  await eventually(async () => await readyIn(world.broker, SENT) === 0, "both are done with");
  const looks = world.adapter.looks.length;
  assert.equal(world.line.give(["7", "8", "99"]), true);
  await world.counted("unknown", 3);
  assert.equal(world.adapter.looks.length, looks);
});

Deno.test("hints gather while a look is under way, each object once", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7", "t-8", "t-9");
  const { promise, resolve } = Promise.withResolvers<void>();
  world.adapter.until = promise;
  const looks = world.adapter.looks.length;
  world.line.give(["7"]);
  await eventually(() => world.adapter.looks.length === looks + 1, "a look");
  for (let times = 0; times < 3; times++) world.line.give(["7", "8", "8", "9"]);
  resolve();
  await world.counted("open", 4);
  assert.deepEqual(world.adapter.looks.slice(looks), [["t-7"], ["t-7", "t-8", "t-9"]]);
});

Deno.test("a task that is finished while it is looked at is not overlooked", async () => {
  await using world = await hintedWorld();
  world.camunda.add("t-7");
  const { promise, resolve } = Promise.withResolvers<void>();
  world.adapter.until = promise;
  await put(world.broker, SENT, sentMessageOf("t-7"));
  await eventually(() => world.adapter.looks.length === 1, "a look that finds it open");
  world.adapter.onTrack = () => done;
  world.line.give(["7"]);
  await eventually(() => world.clock.gathered === 1, "the hint is followed");
  assert.equal(world.adapter.looks.length, 1, "as soon as the look is over");
  resolve();
  await world.counted("answered", 1);
  assert.deepEqual(world.adapter.looks, [["t-7"], ["t-7"]]);
  assert.equal(await readyIn(world.broker, WAITING), 1);
});

Deno.test("a hint that waits for a look which answers the task has nothing left to do", async () => {
  await using world = await hintedWorld();
  world.camunda.add("t-7");
  world.adapter.onTrack = () => done;
  const { promise, resolve } = Promise.withResolvers<void>();
  world.adapter.until = promise;
  await put(world.broker, SENT, sentMessageOf("t-7"));
  await eventually(() => world.adapter.looks.length === 1, "a look that finds it done");
  world.line.give(["7"]);
  await eventually(() => world.clock.gathered === 1, "the hint is followed");
  resolve();
  await world.counted("left", 1);
  assert.equal(world.adapter.looks.length, 1);
  assert.equal(await readyIn(world.broker, RESPONSES), 1);
});

Deno.test("a tick that comes while a hint is followed waits for it, and finds the task answered", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7", "t-8");
  world.adapter.onTrack = ({ original_message }) => original_message.task_id === "t-7" ? done : { kind: "open" };
  const { promise, resolve } = Promise.withResolvers<void>();
  world.adapter.until = promise;
  const looks = world.adapter.looks.length;
  world.line.give(["7"]);
  await eventually(() => world.adapter.looks.length === looks + 1, "a look");
  for (const id of ["t-7", "t-8"]) await world.comesBack(id);
  await eventually(async () => await readyIn(world.broker, SENT) === 0, "the tick");
  assert.equal(world.adapter.looks.length, looks + 1);
  resolve();
  await world.endedWaits(1);
  await eventually(() => world.adapter.looks.length === looks + 2, "the look of the tick");
  assert.deepEqual(world.adapter.looks.at(-1), ["t-8"]);
  assert.equal(await readyIn(world.broker, RESPONSES), 1);
});

Deno.test("while Camunda cannot be asked nothing is answered by hint, and that is told once", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7", "t-8");
  world.adapter.onTrack = () => done;
  world.camunda.down = true;
  world.line.give(["7"]);
  await world.counted("left", 1);
  world.line.give(["7", "8"]);
  await world.counted("left", 3);
  assert.equal(world.deps.log.codes.filter((code) => code === "tracker.hints_failed").length, 1);
  assert.equal(await readyIn(world.broker, RESPONSES), 0);
  world.camunda.down = false;
  world.line.give(["7", "8"]);
  await world.counted("answered", 2);
  assert.ok(world.deps.log.codes.includes("tracker.hints_recovered"));
});

Deno.test("an answer that the broker refuses is given at the next tick", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7");
  world.adapter.onTrack = () => done;
  world.broker.deleteQueue(RESPONSES);
  world.line.give(["7"]);
  await world.counted("left", 1);
  assert.ok(world.deps.log.codes.includes("tracker.hints_failed"));
  await world.comesBack("t-7");
  await eventually(async () => await readyIn(world.broker, RESPONSES) === 1, "the answer");
});

Deno.test("a tracker that stops finishes the look under way, drops what it has not begun, and takes no more", async () => {
  await using world = await hintedWorld();
  await world.openTasks("t-7", "t-8");
  world.adapter.onTrack = () => done;
  const { promise, resolve } = Promise.withResolvers<void>();
  world.adapter.until = promise;
  const looks = world.adapter.looks.length;
  world.line.give(["7"]);
  await eventually(() => world.adapter.looks.length === looks + 1, "a look");
  world.line.give(["8"]);
  world.stop();
  let ended = false;
  const end = world.tracker.ended().then(() => ended = true);
  await eventually(() => !world.line.give([]), "nobody takes hints");
  assert.equal(ended, false);
  resolve();
  await end;
  await world.counted("answered", 1);
  await world.counted("dropped", 1);
  assert.equal(world.line.give(["8"]), false);
  await world.counted("dropped", 2);
});
