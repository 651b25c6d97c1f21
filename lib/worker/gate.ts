/**
 * Back-pressure: which topics may be fetched now. A system's tasks stay in Camunda, where priority holds and operators
 * see them, while its queue is long or nobody consumes it.
 */
import type { Broker, Topology } from "../amqp/broker.ts";
import { queueOf } from "../amqp/topology.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";

export interface GateOptions {
  /** Systems and the topics that are fetched for each. */
  readonly topics: ReadonlyMap<string, readonly string[]>;
  /** A system is closed from this many messages in its queue on. */
  readonly queueLimit: number;
  /** Whether a system is closed while nobody consumes its queue. */
  readonly needsConsumer: boolean;
  /** Declared again when a queue turns out to be missing, before anything is published to nowhere. */
  readonly topology: Topology;
}

export interface OpenTopics {
  readonly topics: readonly string[];
  /** Why the others are closed, by system, in words. */
  readonly closed: ReadonlyMap<string, string>;
}

/** How long one look at the queues is believed; at most this much is fetched blindly. */
const LOOK_MS = 1_000;

export class Gate {
  #look: { readonly at: number; readonly open: OpenTopics } | undefined;
  #reported = new Map<string, string>();

  constructor(
    private readonly options: GateOptions,
    private readonly deps: { readonly broker: Broker; readonly clock: Clock; readonly log: Log },
  ) {}

  /** Rejects while the broker is unreachable. */
  async look(signal: AbortSignal): Promise<OpenTopics> {
    if (this.#look && this.deps.clock.now() - this.#look.at < LOOK_MS) return this.#look.open;
    const topics: string[] = [];
    const closed = new Map<string, string>();
    const findings = await Promise.all(
      [...this.options.topics].map(async ([system, ofSystem]) => ({
        system,
        ofSystem,
        problem: await this.#problemOf(queueOf(system), signal),
      })),
    );
    for (const { system, ofSystem, problem } of findings) {
      if (problem === undefined) topics.push(...ofSystem);
      else closed.set(system, problem);
    }
    this.#report(closed);
    const open = { topics, closed };
    this.#look = { at: this.deps.clock.now(), open };
    return open;
  }

  async #problemOf(queue: string, signal: AbortSignal): Promise<string | undefined> {
    const state = await this.deps.broker.inspect(queue);
    switch (state.kind) {
      case "absent":
        await this.deps.broker.declare(this.options.topology, signal);
        return `${queue} was missing and has been declared again`;
      case "locked":
        return `${queue} is exclusive to another connection`;
      case "present":
        if (state.messages >= this.options.queueLimit) {
          return `${queue} holds ${state.messages} messages (limit ${this.options.queueLimit})`;
        }
        if (this.options.needsConsumer && state.consumers === 0) return `${queue} has no consumer`;
        return undefined;
    }
  }

  /** Once when a system closes, once when it opens; the growing number of messages is for the metrics. */
  #report(closed: ReadonlyMap<string, string>): void {
    for (const [system, problem] of closed) {
      if (this.#reported.has(system)) continue;
      this.deps.log.info("worker.system_closed", `Tasks of ${system} stay in Camunda for now: ${problem}`, { system });
    }
    for (const system of this.#reported.keys()) {
      if (!closed.has(system)) {
        this.deps.log.info("worker.system_open", `Tasks of ${system} are fetched again`, { system });
      }
    }
    this.#reported = new Map(closed);
  }
}
