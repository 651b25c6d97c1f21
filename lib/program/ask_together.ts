/** Asks an adapter about many things at once in such a way that a fault of ours about one of them stops no other. */
import { errorText } from "../telemetry/error_text.ts";

/**
 * One outcome per item, in order. If asking about all of them fails, each is asked about by itself, and `fault` says what
 * becomes of those that fail again: an adapter never throws, so only its bugs end there.
 * @throws the reason of `force`, once that has aborted
 */
export async function askTogether<Item, Outcome>(
  items: readonly Item[],
  ask: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  fault: (reason: string) => Outcome,
  force: AbortSignal,
): Promise<Outcome[]> {
  try {
    const outcomes = await ask(items);
    if (outcomes.length !== items.length) {
      throw new Error(`${outcomes.length} outcomes for ${items.length} items`);
    }
    return [...outcomes];
  } catch (error) {
    force.throwIfAborted();
    if (items.length === 1) return [fault(`A fault in Exchanger: ${errorText(error)}`)];
  }
  const outcomes: Outcome[] = [];
  for (const item of items) outcomes.push(...await askTogether([item], ask, fault, force));
  return outcomes;
}
