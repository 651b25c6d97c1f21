/** What is to be done in the portal for one task: a question first where one is needed, then at most one command. */
import { BATCH_LIMIT, type Bitrix24Client, type Command, type CommandResult } from "../../../lib/bitrix24/client.ts";
import type { CreateOutcome } from "../../target_system.ts";

export interface Errand {
  /** What must be known first. */
  readonly question?: Command;
  /** The command to run, or how it ends without one. `answer` is `undefined` when there was no question. */
  plan(answer: CommandResult | undefined): Command | CreateOutcome;
  conclude(result: CommandResult): CreateOutcome;
}

/** An errand that is over before it begins. */
export function settledErrand(outcome: CreateOutcome): Errand {
  return { plan: () => outcome, conclude: () => outcome };
}

/**
 * All questions, then all commands, as many to a request as may be. One outcome per errand, in order.
 * @param mostCommands of those that change something, in one request
 */
export async function runErrands(
  errands: readonly Errand[],
  client: Pick<Bitrix24Client, "runAll">,
  mostCommands: number,
  signal: AbortSignal,
): Promise<CreateOutcome[]> {
  const questions = errands.flatMap(({ question }) => question ?? []);
  const answers = (await client.runAll(questions, BATCH_LIMIT, signal)).values();
  const planned = errands.map((errand) => ({
    errand,
    next: errand.plan(errand.question === undefined ? undefined : answers.next().value),
  }));
  const commands = planned.flatMap(({ next }) => "method" in next ? [next] : []);
  const results = (await client.runAll(commands, mostCommands, signal)).values();
  return planned.map(({ errand, next }): CreateOutcome => {
    if (!("method" in next)) return next;
    const result = results.next().value;
    return result === undefined ? { kind: "retry", reason: "not tried" } : errand.conclude(result);
  });
}
