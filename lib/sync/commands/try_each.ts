/** One thing after the other: a bad one does not stop the rest, but a system that is down does. */
import { SettingsError } from "../../config/require_settings.ts";
import { type Failure, failureOf } from "../failure.ts";

export interface Tried<Row> {
  readonly rows: readonly Row[];
  /** Why what is not among the rows was not tried; `undefined` when all was. */
  readonly stoppedBy: Failure | undefined;
}

/**
 * @param failed the row of one that failed by itself
 * @throws {SettingsError} nothing can be tried without the setting
 */
export async function tryEach<Item, Row>(
  items: readonly Item[],
  attempt: (item: Item, done: number) => Promise<Row>,
  failed: (item: Item, reason: string) => Row,
  signal: AbortSignal,
): Promise<Tried<Row>> {
  const rows: Row[] = [];
  for (const item of items) {
    try {
      rows.push(await attempt(item, rows.length));
    } catch (error) {
      if (error instanceof SettingsError) throw error;
      const failure = failureOf(error, signal);
      if (failure.isAboutService) return { rows, stoppedBy: failure };
      rows.push(failed(item, failure.text));
    }
  }
  return { rows, stoppedBy: undefined };
}
