import assert from "node:assert/strict";
import { type Broker, PublishError } from "../../../lib/amqp/broker.ts";
import { type LockedTask, lockedTask } from "../../../lib/camunda/types.ts";
import { HandOver, type HandOverDeps } from "../../../lib/worker/hand_over.ts";
import { TaskEvents } from "../../../lib/program/task_events.ts";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { embeddedWith } from "../amqp/broker_fixture.ts";
import { ManualClock } from "../amqp/manual_clock.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

const never = new AbortController().signal;

function task(id: string, retries: number | null = null): LockedTask {
  const fields = { topicName: "bitrix24", processInstanceId: "p", processDefinitionId: "d:1:1", activityId: "A" };
  return lockedTask.parse({ id, workerId: "w", processDefinitionKey: "d", retries, ...fields });
}

/** A hand-over whose neighbours only note what is asked of them; `publish` decides what the broker does. */
async function handOverWorld(publish: (taskId: string) => void, options: { readonly enrichFails?: boolean } = {}) {
  const owned = await embeddedWith([]);
  const calls: string[] = [];
  const clock = new ManualClock();
  const log = new RecordedLog();
  const broker: Broker = Object.assign(Object.create(owned.broker), {
    publish({ messageId, routingKey }: { messageId?: string; routingKey: string }) {
      if (messageId === undefined) calls.push(`publish to ${routingKey}`);
      else publish(messageId);
      return Promise.resolve();
    },
    emit() {},
  });
  const { meter } = createMetrics("test", "0");
  const camunda = {
    unlock(id: string) {
      calls.push(`unlock ${id}`);
      return Promise.resolve();
    },
    failure(id: string, { retries, retryTimeoutMs }: { retries: number; retryTimeoutMs: number }) {
      calls.push(`failure ${id}, retries ${retries} after ${retryTimeoutMs} ms`);
      return Promise.resolve();
    },
  };
  const deps: HandOverDeps = {
    broker,
    camunda,
    clock,
    log,
    enricher: {
      enrich(tasks) {
        if (options.enrichFails) return Promise.reject(new Error("Camunda answered 503"));
        return Promise.resolve(tasks.map((task) => ({ task, metadata: {}, processVariables: {} })));
      },
    },
    lease: {
      extend({ id }) {
        calls.push(`lease ${id}`);
        return Promise.resolve();
      },
    },
    events: new TaskEvents("worker", { broker, meter, log, clock }),
    systemOf: () => "bitrix24",
    tasksExchange: "camunda.external.tasks",
    setAsideRoute: { exchange: "camunda.external.tasks", routingKey: "errors.camunda_tasks" },
    fetchLockMs: 10_000,
  };
  return {
    calls,
    clock,
    handOver: new HandOver(deps),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

Deno.test("a confirmed task is leased; one that surely was not sent is unlocked; one that may have been sent is left alone", async () => {
  const failures = new Map([["lost", "unknown"], ["stuck", "not_sent"], ["nowhere", "unroutable"]] as const);
  await using world = await handOverWorld((id) => {
    const failure = [...failures].find(([name]) => name === id)?.[1];
    if (failure !== undefined) throw new PublishError(failure, failure);
  });
  const tasks = ["good", "lost", "stuck", "nowhere"].map((id) => task(id));
  const outcomes = await world.handOver.handOver(tasks, world.clock.now(), never);
  assert.deepEqual(outcomes, ["published", "lapsing", "returned", "returned"]);
  assert.deepEqual(world.calls.toSorted(), ["lease good", "unlock nowhere", "unlock stuck"]);
});

Deno.test("nothing is unlocked once the hand-over lock has run out, for somebody else may hold the task", async () => {
  await using world = await handOverWorld(() => {
    throw new PublishError("not_sent", "blocked");
  });
  const outcomes = await world.handOver.handOver([task("t")], world.clock.now() - 10_000, never);
  assert.deepEqual([outcomes, world.calls], [["lapsing"], []]);
});

Deno.test("tasks whose variables cannot be read go back to Camunda", async () => {
  await using world = await handOverWorld(() => {}, { enrichFails: true });
  const outcomes = await world.handOver.handOver([task("a"), task("b")], world.clock.now(), never);
  assert.deepEqual([outcomes, world.calls], [["returned", "returned"], ["unlock a", "unlock b"]]);
});

Deno.test("a task that provokes a fault of ours is tried again later and later, then becomes an incident; others go on", async () => {
  await using world = await handOverWorld((id) => {
    if (id === "odd") throw new TypeError("cannot read this");
  });
  for (const retries of [null, 2, 1]) {
    const outcomes = await world.handOver.handOver([task("odd", retries), task("good")], world.clock.now(), never);
    assert.deepEqual(outcomes, ["refused", "published"]);
  }
  assert.deepEqual(world.calls.filter((call) => !call.startsWith("lease")), [
    "failure odd, retries 2 after 30000 ms",
    "failure odd, retries 1 after 120000 ms",
    "failure odd, retries 0 after 0 ms",
    "publish to errors.camunda_tasks",
  ]);
});
