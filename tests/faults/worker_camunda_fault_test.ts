/** A Camunda that is away, slow, contradictory or wrong about one task: what is done about the task, and about the rest. */
import assert from "node:assert/strict";
import { optimisticLocking } from "./request_proxy.ts";
import { carryRound, HandOverBook, ResponseBook } from "./books.ts";
import { blackHole, type FaultWorld, heal, ignore, openFaultWorld, stopsCleanly } from "./fault_world.ts";
import type { ProgramProcess } from "./program_process.ts";
import type { TaskBody } from "./queue_view.ts";

const complete = /POST .*\/complete/;
const gatewayFails = {
  kind: "answer",
  status: 500,
  body: {
    type: "ProcessEngineException",
    message: "ENGINE-02004 No outgoing sequence flow could be selected",
    code: 0,
  },
} as const;

interface Scene {
  readonly world: FaultWorld;
  readonly worker: ProgramProcess;
  readonly responses: ResponseBook;
  readonly tasks: readonly TaskBody[];
}

/** A test that begins with tasks that wait for their answers, and ends with a balance and a clean stop. */
function responseTest(sentence: string, count: number, body: (scene: Scene) => Promise<void>): void {
  Deno.test({
    name: sentence,
    ignore,
    async fn() {
      await using world = await openFaultWorld();
      const worker = await world.startWorker();
      const handOver = new HandOverBook(sentence, world);
      await handOver.start(count);
      await handOver.arrived();
      await world.leased(count);
      const responses = new ResponseBook(sentence, world);
      await body({ world, worker, responses, tasks: [...handOver.tasks.values()] });
      await responses.settled();
      await responses.balance();
      await worker.ready();
      await stopsCleanly(worker);
    },
  });
}

Deno.test({
  name: "a Camunda behind a black hole is noticed within the time-outs, and the work goes on when it is back",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("Camunda black-holed", world);
    const responses = new ResponseBook("Camunda black-holed", world);
    await carryRound(handOver, responses, 60, async () => {
      await handOver.start(40);
      await worker.logged("worker.completed", { times: 5 });

      blackHole(world.camundaWire);
      await worker.unready(/camunda: .*no answer within/, 10_000);
      await handOver.start(20);
      heal(world.camundaWire);
    });
    await worker.ready();
    assert.equal(worker.count("worker.retried"), 0, "an outage costs no attempt");
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});

Deno.test({
  name: "a Camunda that is gone for a while stops the consumer once, costs no attempt and is probed until it is back",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("Camunda gone", world);
    const responses = new ResponseBook("Camunda gone", world);
    await handOver.start(20);
    await handOver.arrived();

    world.camundaWire.refuse = true;
    world.camundaWire.cut();
    await responses.answer([...handOver.tasks.values()]);
    await handOver.start(20);
    await worker.unready(/camunda: /);
    await worker.logged("breaker.open");
    world.camundaWire.refuse = false;

    await worker.logged("breaker.closed");
    await responses.settled();
    await handOver.arrived();
    assert.equal(worker.count("breaker.open"), 1);
    assert.equal(worker.count("worker.retried"), 0, "an outage costs no attempt");
    await worker.ready();
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});

responseTest("a complete whose answer is lost is found done, not done again", 12, async (scene) => {
  const { world, worker, responses, tasks } = scene;
  const trap = world.camunda.interfere(complete, { kind: "drop_answer" }, 3);
  await responses.answer(tasks);
  await trap.caught(3);
  await worker.logged("worker.response_without_task", { times: 3 });
});

responseTest("a lost optimistic lock is tried again at once and costs no attempt", 12, async (scene) => {
  const { world, worker, responses, tasks } = scene;
  const trap = world.camunda.interfere(complete, optimisticLocking, 12);
  await responses.answer(tasks);
  await trap.caught(12);
  await responses.settled();
  assert.equal(worker.count("worker.retried"), 0);
});

responseTest("an engine error behind a task is tried again after a delay", 6, async (scene) => {
  const { world, worker, responses, tasks } = scene;
  const trap = world.camunda.interfere(complete, gatewayFails, 2);
  await responses.answer(tasks);
  await trap.caught(2);
  await responses.settled();
  assert.equal(worker.count("worker.retried"), 2);
});

responseTest("an engine error that stays becomes an incident and a response that is set aside", 6, async (scene) => {
  const { world, worker, responses, tasks } = scene;
  const [unlucky] = tasks;
  assert.ok(unlucky);
  world.camunda.interfere(new RegExp(`POST .*/${unlucky.task_id}/complete`), gatewayFails);
  await responses.answer(tasks);
  await responses.settled();
  assert.deepEqual(responses.setAside.map(({ task_id }) => task_id), [unlucky.task_id]);
  assert.match(responses.setAside[0]?.error_info?.message ?? "", /No outgoing sequence flow/);
  const [incident] = await world.engine.incidents(unlucky.process_instance_id);
  assert.match(incident?.incidentMessage ?? "", /No outgoing sequence flow/);
  assert.equal(worker.count("worker.retried"), 2, "as many as RETRY_DELAYS_SECONDS has");
});

responseTest(
  "the answer to a suspended instance waits until it goes on, whatever the number of attempts",
  4,
  async (scene) => {
    const { world, worker, responses, tasks } = scene;
    const [suspended] = tasks;
    assert.ok(suspended);
    await world.engine.suspend(suspended.process_instance_id);
    await responses.answer(tasks);
    await worker.logged("worker.response_waits", { times: 3 });
    assert.deepEqual(responses.setAside, []);
    await world.engine.activate(suspended.process_instance_id);
  },
);

responseTest(
  "a BPMN error that the process does not catch becomes an incident, and the instance lives on",
  1,
  async (scene) => {
    const { world, worker, responses, tasks } = scene;
    const [task] = tasks;
    assert.ok(task);
    const error = { code: "NOBODY_CATCHES_THIS", message: "The portal refuses the task" };
    await responses.answer(tasks, { processing_status: "bpmn_error", error });
    await worker.logged("worker.failed");
    const [incident] = await world.engine.incidents(task.process_instance_id);
    assert.match(incident?.incidentMessage ?? "", /The portal refuses the task/);
    assert.equal(await world.engine.isCompleted(task.process_instance_id), false);
    responses.ledger.effect(task.task_id, "incident");
  },
);

responseTest("the answer to a task that another worker holds waits until that lock ends", 2, async (scene) => {
  const { world, worker, responses, tasks } = scene;
  const [taken] = tasks;
  assert.ok(taken);
  // Suspended, so that the worker does not fetch it in between.
  await world.engine.suspend(taken.process_instance_id);
  await world.endLocks([taken.task_id]);
  await world.engine.call("POST", `/external-task/${taken.task_id}/lock`, { workerId: "thief", lockDuration: 2_500 });
  await world.engine.activate(taken.process_instance_id);
  await responses.answer(tasks);
  await worker.logged("worker.response_waits");
});

Deno.test({
  name: "an Object variable of a class that nobody knows stops neither its own task nor the others",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("Object of an unknown class", world);
    const responses = new ResponseBook("Object of an unknown class", world);
    const valueInfo = { objectTypeName: "com.example.Nobody", serializationDataFormat: "application/json" };
    await carryRound(handOver, responses, 21, async () => {
      await handOver.start(10);
      await handOver.start(1, { strange: { type: "Object", value: '{"a":1}', valueInfo } });
      await handOver.start(10);
    });
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});
