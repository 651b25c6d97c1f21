/**
 * One active creator and one active tracker per system: whoever holds an exclusive name in the broker works, the others
 * stand by. Only a single consumer sees copies of one task side by side.
 */
import type { Broker, Claim } from "../amqp/broker.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";

export type LedRole = "creator" | "tracker";

/** The name in the broker that the active program of a role holds. */
export function leadershipName(role: LedRole, system: string): string {
  return `exchanger.lead.${role}.${system}`;
}

export interface LeadOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two attempts while another program leads. */
  readonly retryMs: number;
  /** This program has led before and lost it: another may have led since. @default false */
  readonly ledBefore?: boolean;
}

export interface Leadership {
  /** Aborts when the connection that holds it is lost: stop at once, then call `lead` again. */
  readonly lost: AbortSignal;
  /**
   * Another program led before: what it sent to the target may still take effect, so nothing is created until the
   * heartbeat time-out and the longest request have passed.
   */
  readonly tookOver: boolean;
  release(): Promise<void>;
}

/** Waits until this program leads. Rejects with the signal's reason when aborted. */
export async function lead(broker: Broker, name: string, options: LeadOptions): Promise<Leadership> {
  const { signal, clock, log, retryMs } = options;
  let stoodBy = false;
  for (;;) {
    signal.throwIfAborted();
    const answer = await tryClaim(broker, name);
    switch (answer.kind) {
      case "claimed": {
        const { claim } = answer;
        if (signal.aborted) await claim.release();
        signal.throwIfAborted();
        const tookOver = stoodBy || (options.ledBefore ?? false);
        log.info("program.leading", tookOver ? "This program takes over the lead" : "This program leads", { name });
        return { lost: claim.lost, tookOver, release: () => claim.release() };
      }
      case "taken":
        if (!stoodBy) log.info("program.standing_by", "Another program leads; this one stands by", { name });
        stoodBy = true;
        break;
      case "unreachable":
        // The connection reports that itself.
        break;
    }
    await clock.sleep(retryMs, signal);
  }
}

type ClaimAnswer =
  | { readonly kind: "claimed"; readonly claim: Claim }
  | { readonly kind: "taken" }
  | { readonly kind: "unreachable" };

async function tryClaim(broker: Broker, name: string): Promise<ClaimAnswer> {
  try {
    const claim = await broker.claim(name);
    return claim === undefined ? { kind: "taken" } : { kind: "claimed", claim };
  } catch {
    return { kind: "unreachable" };
  }
}
