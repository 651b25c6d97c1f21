/** A target system that answers what a test tells it, and a Camunda that knows the tasks the test names. */
import type { CreateOutcome, Identity, Progress, TargetSystem, Withdrawal } from "../../../adapters/target_system.ts";
import type { Broker } from "../../../lib/amqp/broker.ts";
import { delayQueues, joinTopologies, taskTopology, waitingQueue } from "../../../lib/amqp/topology.ts";
import { type ExternalTask, externalTask } from "../../../lib/camunda/types.ts";
import { encodeMessage, type JsonObject } from "../../../lib/messages/json.ts";
import type { SentMessage } from "../../../lib/messages/sent_message.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import { Health } from "../../../lib/program/health.ts";
import { TaskEvents } from "../../../lib/program/task_events.ts";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { type Clock, systemClock } from "../../../lib/time/clock.ts";
import { embeddedWith } from "../amqp/broker_fixture.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

export const delaysS = [1, 2];
export const detourS = 3;

export class ScriptedSystem implements TargetSystem {
  readonly name = "bitrix24";
  /** Ids of the tasks of each call of `create`. */
  readonly created: string[][] = [];
  readonly withdrawn: string[] = [];
  repeats: Identity = "keyed";
  onCreate: (task: TaskMessage) => CreateOutcome = ({ task_id }) => ({
    kind: "created",
    id: `o-${task_id}`,
    response: {},
  });
  onTrack: (sent: SentMessage) => Progress = () => ({ kind: "open" });

  identity(): Identity {
    return this.repeats;
  }
  check(): Promise<[]> {
    return Promise.resolve([]);
  }
  create(tasks: readonly TaskMessage[]): Promise<CreateOutcome[]> {
    this.created.push(tasks.map(({ task_id }) => task_id));
    return Promise.resolve(tasks.map((task) => this.onCreate(task)));
  }
  track(sent: readonly SentMessage[]): Promise<Progress[]> {
    return Promise.resolve(sent.map((one) => this.onTrack(one)));
  }
  withdraw(sent: readonly SentMessage[]): Promise<Withdrawal[]> {
    this.withdrawn.push(...sent.map(({ original_message }) => original_message.task_id));
    return Promise.resolve(sent.map(() => ({ kind: "withdrawn" })));
  }
}

export interface KnownFacts {
  readonly lockExpirationTime?: string;
  readonly retries?: number;
  readonly suspended?: boolean;
}

export class KnownTasks {
  readonly tasks = new Map<string, ExternalTask>();
  readonly locked: { id: string; workerId: string; durationMs: number }[] = [];
  down = false;

  add(id: string, facts: KnownFacts = {}): void {
    const fields = {
      topicName: "t",
      processInstanceId: "p",
      processDefinitionId: "d:1:1",
      processDefinitionKey: "d",
      activityId: "A",
      workerId: "w",
    };
    this.tasks.set(id, externalTask.parse({ id, ...fields, ...facts }));
  }
  externalTasks(filter: { readonly externalTaskIdIn: readonly string[] }): Promise<Map<string, ExternalTask>> {
    if (this.down) return Promise.reject(new Error("Camunda does not answer"));
    const known = filter.externalTaskIdIn.flatMap((id) => this.tasks.get(id) ?? []);
    return Promise.resolve(new Map(known.map((task) => [task.id, task])));
  }
  lock(id: string, workerId: string, durationMs: number): Promise<void> {
    this.locked.push({ id, workerId, durationMs });
    return Promise.resolve();
  }
}

export async function scriptedWorld(clock: Clock = systemClock) {
  const owned = await embeddedWith([], { clock });
  const { broker } = owned;
  const topology = joinTopologies(
    taskTopology(),
    delayQueues("bitrix24.queue", [...delaysS, detourS]),
    waitingQueue("bitrix24", 60),
  );
  await broker.declare(topology, new AbortController().signal);
  const stop = new AbortController();
  const adapter = new ScriptedSystem();
  const camunda = new KnownTasks();
  const log = new RecordedLog();
  const health = new Health();
  const { meter } = createMetrics("test", "0");
  const events = new TaskEvents("test", { broker, meter, log, clock });
  const setAsideRoute = { exchange: "camunda.external.tasks", routingKey: "errors.camunda_tasks" };
  const responsesQueue = "camunda.responses.queue";
  return {
    broker,
    adapter,
    camunda,
    signals: { signal: stop.signal, force: new AbortController().signal },
    meter,
    deps: { broker, adapter, camunda, log, health, events, clock, setAsideRoute, responsesQueue },
    stop: () => stop.abort(),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

export async function put(broker: Broker, queue: string, body: JsonObject | Uint8Array): Promise<void> {
  const bytes = body instanceof Uint8Array ? body : encodeMessage(body);
  await broker.publish({
    exchange: "",
    routingKey: queue,
    body: bytes,
    headers: { kept: true },
    ignoreSizeLimit: true,
  });
}
