/**
 * The creator of one system: task messages in, objects in the target, sent messages out. Here it is sorted out what is to
 * be done about the tasks of a batch; `Dispositions` says what becomes of their messages.
 */
import type { CreateOutcome, TargetSystem } from "../../adapters/target_system.ts";
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery } from "../amqp/broker.ts";
import { queueOf, topicsOf } from "../amqp/topology.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { LeaseRenewal, type LeaseRenewalOptions } from "../camunda/lease_renewal.ts";
import { type TaskMessage, taskMessage } from "../messages/task_message.ts";
import { askTogether } from "../program/ask_together.ts";
import type { GiveUpDeps } from "../program/give_up.ts";
import { GuardedConsumer, type GuardedConsumerDeps, type StopSignals } from "../program/guarded_consumer.ts";
import { GIVE_BACK } from "../program/settlements.ts";
import { type BatchedTask, TaskBatch } from "../program/task_batch.ts";
import { TaskTurns } from "../program/task_turns.ts";
import { type DispositionOptions, Dispositions, triesOf } from "./dispositions.ts";
import { UncertainTasks } from "./uncertain_tasks.ts";

export interface CreatorOptions extends DispositionOptions, LeaseRenewalOptions {
  /** Most messages looked up and created together. */
  readonly batchSize: number;
  /** How long a batch gathers after its first message. */
  readonly windowMs: number;
}

export interface CreatorDeps extends GiveUpDeps, GuardedConsumerDeps {
  readonly camunda: Pick<CamundaClient, "externalTasks" | "lock">;
  readonly adapter: TargetSystem;
}

/** While one batch waits for confirms, the next is looked up and created. */
const SIDE_BY_SIDE = 2;

type Candidate = BatchedTask<TaskMessage>;

export class Creator {
  readonly consumer: GuardedConsumer;
  readonly #turns = new TaskTurns();
  readonly #uncertain: UncertainTasks;
  readonly #leases: LeaseRenewal;
  readonly #dispositions: Dispositions;

  /** Begins to consume at once; whoever calls holds the leadership of the system. */
  constructor(
    options: CreatorOptions,
    private readonly deps: CreatorDeps,
    private readonly signals: StopSignals,
  ) {
    const { windowMs } = options;
    const { name: system } = deps.adapter;
    // What waits in hand comes again as delivered before, which is final where a repeat is not recognised.
    const oneByOne = topicsOf(system).some((topic) => deps.adapter.identity(topic) === "neither");
    const batchSize = oneByOne ? 1 : options.batchSize;
    const consumed = { queue: queueOf(system), system, batchSize, windowMs, concurrency: oneByOne ? 1 : SIDE_BY_SIDE };
    this.#uncertain = new UncertainTasks(options.detourS * 1000, deps.clock);
    this.#leases = new LeaseRenewal(options, deps);
    this.consumer = new GuardedConsumer(consumed, deps, signals, (batch) => this.#handle(batch));
    const { breaker } = this.consumer;
    this.#dispositions = new Dispositions(options, { ...deps, breaker, uncertain: this.#uncertain });
  }

  async #handle(deliveries: readonly Delivery[]): Promise<Settlement[]> {
    const { batch, tasks } = await TaskBatch.read(
      deliveries,
      { system: this.deps.adapter.name, schema: taskMessage, taskOf: (task) => task, weightOf: triesOf },
      { ...this.deps, leases: this.#leases, breaker: this.consumer.breaker, force: this.signals.force },
    );
    using _turn = await this.#turns.take(tasks.map(({ task }) => task.task_id));
    for (const { task, copies } of tasks) {
      const again = copies.filter(({ redelivered }) => redelivered).length;
      if (again > 0) this.#uncertain.seenAgain(task.task_id, again);
    }
    const { uncertain = [], certain = [] } = Object.groupBy(
      tasks,
      ({ task }) => this.#uncertain.has(task.task_id) ? "uncertain" : "certain",
    );
    await batch.settle(uncertain, (candidate) => this.#dispositions.holdBack(candidate));

    const known = await batch.lookInCamunda(certain);
    if (known === undefined) this.#giveBack(certain);
    const { gone = [], suspended = [], wanted = [] } = Object.groupBy(
      known === undefined ? [] : certain,
      ({ task }) => {
        const inCamunda = known?.get(task.task_id);
        return inCamunda === undefined ? "gone" : inCamunda.suspended ? "suspended" : "wanted";
      },
    );
    await batch.settle(gone, (candidate) => this.#dispositions.gone(candidate, this.signals.force));
    await batch.settle(suspended, (candidate) => this.#dispositions.suspended(candidate));
    if (wanted.length > 0) await this.#create(wanted, batch);
    return batch.settlements();
  }

  async #create(wanted: readonly Candidate[], batch: TaskBatch<TaskMessage>): Promise<void> {
    const { adapter, clock } = this.deps;
    const { force } = this.signals;
    const startedAt = clock.now();
    const outcomes = await askTogether<Candidate, CreateOutcome>(
      wanted,
      (candidates) => adapter.create(candidates.map(({ task }) => task), force),
      (reason) => ({ kind: "retry", reason, ambiguous: true }),
      force,
    );
    const durationMs = clock.now() - startedAt;
    await batch.settle(wanted, async (candidate, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) return GIVE_BACK;
      if (outcome.kind === "down" && outcome.ambiguous !== true) this.#giveBack([candidate]);
      return await this.#dispositions.answered(candidate, outcome, durationMs);
    });
  }

  /** Nothing was asked about these tasks: they need no detour when they come again. */
  #giveBack(candidates: readonly Candidate[]): void {
    for (const { task, copies } of candidates) this.#uncertain.givenBack(task.task_id, copies.length);
  }
}
