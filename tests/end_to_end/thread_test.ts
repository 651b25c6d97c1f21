/**
 * The whole thread: a diagram of StormBPMN, converted, in Camunda, then worker, creator, Bitrix24, people, tracker, worker,
 * Camunda; on both worlds. Its ledger counts process instances, which must all be completed, and their tasks, each of which
 * must have one object on the portal.
 */
import assert from "node:assert/strict";
import { program as creator } from "../../creator.ts";
import { convert } from "../../lib/bpmn/convert/convert.ts";
import { defaultQueue, errorsQueue } from "../../lib/amqp/topology.ts";
import type { Bitrix24Simulator } from "../../simulators/bitrix24/simulator.ts";
import drawn from "../../simulators/demo/contract_approval.bpmn" with { type: "text" };
import { program as tracker } from "../../tracker.ts";
import { Ledger } from "../faults/ledger.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { available, createWorld, type World, worldKinds } from "./world.ts";

const INSTANCES = 30;
/** Longer than the tracker waits between two looks, so that it finds every task open first. */
const WORK_TAKES_MS = 1_200;

for (const kind of worldKinds) {
  const sentence = `${INSTANCES} contracts go all the way round, those refused at first a second time`;
  Deno.test(`thread, ${kind}: ${sentence}`, { ignore: !available(kind) }, async () => {
    await using world = await createWorld(kind, { portal: {} });
    const { portal } = world;
    assert.ok(portal);
    const process = await convert(drawn);
    assert.ok(process.kind === "converted");
    await world.deployFile(process.xml);
    world.run(creator);
    world.run(tracker, { TRACKER_INTERVAL_SECONDS: "1" });
    await world.runWorker({ WORKER_NEEDS_CONSUMER: "true" });

    const ledger = new Ledger(`thread, ${kind}`);
    const instances = await startContracts(world);
    for (const instance of instances) {
      ledger.attempt(instance);
      ledger.acknowledge(instance);
    }
    const people = new ContractPeople(portal, new Set(instances.filter((_, index) => index % 5 === 4)));
    await peopleWork(world, people, instances, ledger);
    ledger.balance();

    const objects = new Ledger(`thread, ${kind}, objects`);
    for (const [taskId, objectIds] of portal.ledger()) {
      objects.attempt(taskId);
      objects.acknowledge(taskId);
      for (const objectId of objectIds) objects.effect(taskId, objectId);
    }
    // Two tasks for each contract, and both once more for those that were refused.
    assert.equal(objects.balance().ok, 2 * INSTANCES + 2 * people.refused);
    assert.equal(people.refused, INSTANCES / 5);

    for (const instance of instances) {
      const variables = await world.camunda.historyVariables(instance);
      const { bitrix_task_id: objectId, Approve_closedAt, Prepare_closedAt, ...others } = Object.fromEntries(
        [...variables].map(([name, { type, value }]) => [name, `${type} ${value}`]),
      );
      assert.match(objectId ?? "", /^String \d+$/);
      for (const closedAt of [Approve_closedAt, Prepare_closedAt]) assert.match(closedAt ?? "", /^Date \d{4}-/);
      assert.deepEqual(others, {
        startedBy: "String 1",
        bitrix_task_title: "String Согласовать договор",
        bitrix_task_status: "String 5",
        Approve: "String ok",
        Approve_closedBy: "String 8",
        Prepare_closedBy: "String 7",
      });
    }
    assert.equal(await world.messagesIn(errorsQueue), 0);
    assert.equal(await world.messagesIn(defaultQueue), 0);
  });
}

async function startContracts(world: World): Promise<string[]> {
  const instances: string[] = [];
  for (let number = 1; number <= INSTANCES; number++) {
    const options = { key: "contract_approval", businessKey: `contract-${number}` };
    instances.push(await world.start({ startedBy: { value: "1", type: "String" } }, options));
  }
  return instances;
}

/** People at the portal: they finish what is open for long enough, and refuse some contracts once. */
class ContractPeople {
  readonly #seenAt = new Map<string, number>();
  readonly #refusedOnce = new Set<string>();

  constructor(private readonly portal: Bitrix24Simulator, private readonly toRefuse: ReadonlySet<string>) {}

  get refused(): number {
    return this.#refusedOnce.size;
  }

  work(instanceOf: (externalTaskId: string) => string | undefined): void {
    for (const { id, externalTaskId, answerExpected } of this.portal.people.openTasks()) {
      const seenAt = this.#seenAt.get(id) ?? Date.now();
      this.#seenAt.set(id, seenAt);
      const contract = instanceOf(externalTaskId);
      if (contract === undefined || Date.now() - seenAt < WORK_TAKES_MS) continue;
      const refuses = answerExpected && this.toRefuse.has(contract) && !this.#refusedOnce.has(contract);
      if (refuses) this.#refusedOnce.add(contract);
      this.portal.people.finish(id, answerExpected ? { answer: refuses ? "НЕТ" : "ДА" } : {});
    }
  }
}

/** Until all contracts are completed. */
async function peopleWork(
  world: World,
  people: ContractPeople,
  instances: readonly string[],
  ledger: Ledger,
): Promise<void> {
  const instanceOf = new Map<string, string>();
  const open = [...instances];
  await eventually(
    async () => {
      for (const { id, processInstanceId } of await world.camunda.externalTasks({ processInstanceIdIn: instances })) {
        instanceOf.set(id, processInstanceId);
      }
      people.work((externalTaskId) => instanceOf.get(externalTaskId));
      for (let [next] = open; next !== undefined && await world.camunda.isCompleted(next); [next] = open) {
        ledger.effect(next, "completed");
        open.shift();
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
      return open.length === 0;
    },
    "the end of all contracts",
    90_000,
  ).catch(() => {
    // The balance names what is missing.
  });
}
