/** What Camunda says that is not about the task: conflicts, suspended processes, proxies and outages. Nothing is set aside. */
import assert from "node:assert/strict";
import { errorsQueue } from "../../lib/amqp/topology.ts";
import type { FailureAnswer } from "../../simulators/camunda/simulator.ts";
import { end, external, flows, oneTask, start } from "../simulators/camunda/contract_bench.ts";
import { begin, type Begun, taskQueue, topic } from "./one_task.ts";
import { shown, type WorldTest } from "./suite.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { finished, taskOf } from "./task_messages.ts";
import type { World } from "./world.ts";

const COMPLETE = /\/complete$/;

/** A parked poll would take a task as soon as it is unlocked; once a fetch has failed, none is parked. */
async function fetchNoMore(world: World, { worker }: Begun): Promise<void> {
  world.gateway.faults.failNext("fetchAndLock", { status: 503, body: "busy" }, Infinity);
  await worker.logged("camunda.fetch_failed");
}

/** No attempt was counted, nothing was given up. */
async function spentNothing(world: World, { worker, task }: Begun): Promise<void> {
  await eventually(async () => await world.messagesIn("camunda.responses.queue") === 0, "an empty queue");
  assert.equal(await world.messagesIn(errorsQueue), 0);
  assert.deepEqual(worker.linesOf("worker.retried"), []);
  assert.deepEqual(await world.camunda.incidents(task.process_instance_id), []);
}

/** An answer of Camunda's, or of somebody in its place, that says nothing about the task it is given for. */
const outages: readonly { readonly name: string; readonly answer: FailureAnswer; readonly said: RegExp }[] = [
  {
    name: "a 404 that is not Camunda's",
    answer: { status: 404, body: "<html>no such page</html>" },
    said: /CAMUNDA_BASE_URL/,
  },
  { name: "refused credentials", answer: { status: 401, body: "" }, said: /CAMUNDA_AUTH_PASSWORD/ },
  {
    name: "a missing right",
    answer: { status: 403, body: { type: "AuthorizationException", message: "no" } },
    said: /403/,
  },
  { name: "a proxy without Camunda", answer: { status: 503, body: "<h1>Service Unavailable</h1>" }, said: /503/ },
];

export const outageSuite: readonly WorldTest[] = [
  ...outages.map(({ name, answer, said }) =>
    shown(`${name} costs no attempt, and the answer is given once it is over`, async (world) => {
      const begun = await begin(world);
      const { worker, task } = begun;
      world.gateway.faults.failNext(COMPLETE, answer, Infinity);
      await world.respond(finished(task));
      assert.match((await worker.logged("breaker.open")).message, said);
      assert.match(worker.health.readiness().reasons.join(), said);
      world.gateway.faults.clearFaults();
      await world.completed(task.process_instance_id);
      await worker.logged("breaker.closed");
      await spentNothing(world, begun);
    })
  ),

  shown("a Camunda that does not answer costs no attempt, and the answer is given once it does", async (world) => {
    const begun = await begin(world, { overrides: { CAMUNDA_HTTP_TIMEOUT: "1000" } });
    const { worker, task } = begun;
    world.gateway.faults.suspend();
    await world.respond(finished(task));
    await worker.logged("breaker.open");
    world.gateway.faults.resume();
    await world.completed(task.process_instance_id);
    await spentNothing(world, begun);
  }),

  shown("many answers wait out an outage in their queue, which few requests are spent on", async (world) => {
    const worker = await world.runWorker();
    const tasks = world.inbox(taskQueue);
    await world.deploy(oneTask(topic));
    const instances: string[] = [];
    while (instances.length < 20) instances.push(await world.start());
    await tasks.count(instances.length);
    const completions = () => world.gateway.requests.filter((request) => COMPLETE.test(request)).length;
    world.gateway.faults.failNext(COMPLETE, { status: 503, body: "<h1>Service Unavailable</h1>" }, Infinity);
    for (const delivery of tasks.deliveries) await world.respond(finished(taskOf(delivery)));
    await worker.logged("breaker.open");
    await eventually(async () => await world.messagesIn("camunda.responses.queue") === 20, "all answers in the queue");
    assert.ok(completions() < 20, `those under way at first and single probes, not ${completions()}`);
    world.gateway.faults.clearFaults();
    for (const instanceId of instances) await world.completed(instanceId);
    assert.deepEqual(worker.linesOf("worker.retried"), []);
    assert.equal(await world.messagesIn(errorsQueue), 0);
  }),

  shown("a completion whose answer was lost counts once", async (world) => {
    const flow = start + external("A", topic) + external("Next", "op_create_task") + end +
      flows("s>A", "A>Next", "Next>e");
    const begun = await begin(world, { flow });
    const next = world.inbox("openproject.queue");
    // Twice: Deno's fetch repeats a request by itself when a kept-alive connection breaks.
    world.gateway.faults.dropConnection(COMPLETE, { afterEffect: true, times: 2 });
    await world.respond(finished(begun.task));
    await begun.worker.logged("worker.response_without_task");
    await next.count(1);
    const open = await world.tasksOf(begun.task.process_instance_id);
    assert.deepEqual(open.map(({ activityId }) => activityId), ["Next"]);
    await spentNothing(world, begun);
  }),

  shown("an optimistic-locking conflict is tried again in place", async (world) => {
    const begun = await begin(world);
    const body = { type: "OptimisticLockingException", message: "ENGINE-03005 Entity was updated", code: 1 };
    world.gateway.faults.failNext(COMPLETE, { status: 500, body }, 3);
    await world.respond(finished(begun.task));
    await world.completed(begun.task.process_instance_id);
    assert.deepEqual(begun.worker.linesOf("breaker.open"), []);
    await spentNothing(world, begun);
  }),

  shown("the answer to a suspended process waits without an attempt, and is given when it goes on", async (world) => {
    const begun = await begin(world);
    const { worker, task } = begun;
    await world.camunda.suspend(task.process_instance_id);
    await world.respond(finished(task));
    // More rounds than the schedule has attempts.
    await worker.logged("worker.response_waits", 3);
    await world.camunda.activate(task.process_instance_id);
    await world.completed(task.process_instance_id);
    await spentNothing(world, begun);
  }),

  shown("the answer to a task that was unlocked by hand is given all the same", async (world) => {
    const begun = await begin(world);
    const { task } = begun;
    await fetchNoMore(world, begun);
    await world.camunda.call("POST", `/external-task/${task.task_id}/unlock`);
    await world.respond(finished(task));
    await world.completed(task.process_instance_id);
    assert.ok(world.gateway.requests.includes(`POST /external-task/${task.task_id}/lock`), "it was locked again");
    await spentNothing(world, begun);
  }),

  shown("the answer to a task that another worker has taken waits until that lets go", async (world) => {
    const begun = await begin(world);
    const { worker, task } = begun;
    await fetchNoMore(world, begun);
    const lock = { workerId: "somebody", lockDuration: 2_000 };
    await world.camunda.call("POST", `/external-task/${task.task_id}/unlock`);
    await world.camunda.call("POST", `/external-task/${task.task_id}/lock`, lock);
    await world.respond(finished(task));
    assert.match((await worker.logged("worker.response_waits")).message, /somebody/);
    await world.completed(task.process_instance_id);
    await spentNothing(world, begun);
  }),

  shown("tasks are fetched again as soon as Camunda is back", async (world) => {
    const worker = await world.runWorker();
    const tasks = world.inbox(taskQueue);
    await world.deploy(oneTask(topic));
    world.gateway.faults.failNext("fetchAndLock", { status: 502, body: "<h1>Bad Gateway</h1>" }, Infinity);
    await worker.logged("camunda.fetch_failed");
    const instanceId = await world.start();
    assert.match(worker.health.readiness().reasons.join(), /502/);
    world.gateway.faults.clearFaults();
    assert.equal(taskOf(await tasks.at(0)).process_instance_id, instanceId);
    await eventually(() => worker.health.readiness().ready, "a worker that is ready");
  }),
];
