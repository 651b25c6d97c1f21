/**
 * Whether somebody else consumes our queues: the predecessor's programs would take our messages and its stubs swallow
 * them. AMQP tells how many consumers a queue has, not whose they are; so our own programs hold names in the broker, and
 * consumers beyond those names are foreign.
 */
import type { Broker, Claim } from "../amqp/broker.ts";
import { aborted, type Clock } from "../time/clock.ts";
import { joinSignals } from "../time/joined_signal.ts";

/** A queue to look at, and how our own consumers of it are known. */
export type GuardedQueue =
  /** Consumed by the one program that holds the leadership of this name. */
  | { readonly kind: "led"; readonly queue: string; readonly leadership: string }
  /** Consumed by any number of our programs, each with a `joinMembers` of its own. */
  | { readonly kind: "shared"; readonly queue: string };

export interface ForeignConsumersOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /**
   * Foreign consumers are believed only if they are seen for this long: names and consumers of our own programs come back
   * one after the other when a connection breaks. @default 5000
   */
  readonly lookForMs?: number;
  /** Between two looks. @default 1000 */
  readonly everyMs?: number;
}

export interface ForeignConsumers {
  readonly queue: string;
  readonly consumers: number;
  /** What was found and what to do, in words; the caller adds how to override it. */
  readonly finding: string;
}

/**
 * Looks at the queues before this program claims or consumes anything; an empty list means that it may start.
 * Rejects while the broker is unreachable, and with the signal's reason when aborted.
 */
export async function foreignConsumers(
  broker: Pick<Broker, "inspect">,
  queues: readonly GuardedQueue[],
  options: ForeignConsumersOptions,
): Promise<ForeignConsumers[]> {
  const { signal, clock, lookForMs = 5000, everyMs = 1000 } = options;
  const believedAtMs = clock.now() + lookForMs;
  for (let suspects = queues;;) {
    const found: { guarded: GuardedQueue; consumers: number }[] = [];
    for (const guarded of suspects) {
      const consumers = await countForeign(broker, guarded);
      if (consumers > 0) found.push({ guarded, consumers });
    }
    if (found.length === 0 || clock.now() >= believedAtMs) {
      return found.map(({ guarded: { queue }, consumers }) => ({
        queue,
        consumers,
        finding: `${queue} is consumed by ${consumers === 1 ? "a program" : `${consumers} programs`} unknown to us, ` +
          "which would take messages away from this one. Stop what consumes it (the predecessor's services?), " +
          `as \`rabbitmqctl list_consumers\` shows it.`,
      }));
    }
    suspects = found.map(({ guarded }) => guarded);
    await clock.sleep(everyMs, signal);
  }
}

/** Consumers that none of our programs accounts for. */
async function countForeign(broker: Pick<Broker, "inspect">, guarded: GuardedQueue): Promise<number> {
  const state = await broker.inspect(guarded.queue);
  const consumers = state.kind === "present" ? state.consumers : 0;
  const names = guarded.kind === "led" ? [guarded.leadership] : memberNames(guarded.queue);
  let ours = 0;
  for (const name of names) {
    // Looks no further than it must: each name that nobody holds leaves a line in RabbitMQ's log.
    if (ours >= consumers) return 0;
    if ((await broker.inspect(name)).kind === "locked") ours++;
  }
  return consumers - ours;
}

/** More than a cluster of workers will have; the lowest free name is taken first. */
const maxMembers = 32;

function memberNames(queue: string): readonly string[] {
  return Array.from({ length: maxMembers }, (_, slot) => `exchanger.member.${queue}.${slot}`);
}

export interface MembershipOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Before the name is claimed again after a lost connection. */
  readonly retryMs: number;
}

export interface Membership {
  /** Gives the name up; after the last consumer was cancelled. Idempotent. */
  leave(): Promise<void>;
}

/**
 * Holds a name that accounts for one consumer of a shared queue, and takes one again whenever it is lost. Resolves once
 * the first is held: consume after that.
 */
export async function joinMembers(broker: Broker, queue: string, options: MembershipOptions): Promise<Membership> {
  const left = new AbortController();
  const untilLeft = joinSignals(options.signal, left.signal).signal;
  let claim = await claimSlot(broker, queue, { ...options, signal: untilLeft });
  const kept = (async () => {
    for (;;) {
      using either = joinSignals(claim.lost, untilLeft);
      await aborted(either.signal);
      claim = await claimSlot(broker, queue, { ...options, signal: untilLeft });
    }
  })().catch(() => {});
  return {
    async leave() {
      left.abort();
      await kept;
      await claim.release();
    },
  };
}

async function claimSlot(broker: Broker, queue: string, { signal, clock, retryMs }: MembershipOptions): Promise<Claim> {
  for (;;) {
    signal.throwIfAborted();
    try {
      for (const name of memberNames(queue)) {
        const claim = await broker.claim(name);
        if (claim !== undefined) return claim;
      }
    } catch {
      // Unreachable: the connection reports that itself.
    }
    await clock.sleep(retryMs, signal);
  }
}
