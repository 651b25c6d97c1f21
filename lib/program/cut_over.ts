/**
 * Cut-over, not coexistence: the predecessor's programs take our messages and its stubs swallow them, so a program refuses
 * to start while somebody else consumes its queues.
 */
import { boolean } from "../config/schemas.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import { DependencyDownError } from "./exit_code.ts";
import { foreignConsumers, type GuardedQueue } from "./foreign_consumers.ts";
import type { ProgramContext } from "./program.ts";

export const cutOverSettings = {
  EXCHANGER_ALLOW_FOREIGN_CONSUMERS: {
    schema: boolean,
    doc: "Start although programs other than Exchanger's consume its queues. They take messages away from ours.",
    example: "true",
    default: "false",
  },
} as const satisfies SettingsTable;

/** @throws {DependencyDownError} naming the queues; with the setting it is only a warning. */
export async function refuseForeignConsumers(
  settings: SettingsOf<typeof cutOverSettings>,
  queues: readonly GuardedQueue[],
  { broker, signal, clock, log }: Pick<ProgramContext, "broker" | "signal" | "clock" | "log">,
): Promise<void> {
  const found = await foreignConsumers(broker, queues, { signal, clock });
  if (found.length === 0) return;
  const findings = found.map(({ finding }) => finding).join("; ");
  if (!settings.EXCHANGER_ALLOW_FOREIGN_CONSUMERS) {
    throw new DependencyDownError(`${findings} To start all the same, set EXCHANGER_ALLOW_FOREIGN_CONSUMERS=true.`);
  }
  log.warn("program.foreign_consumers", findings);
}
