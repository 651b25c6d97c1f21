/** How many diagrams of a look became what. */
import type { RoundRow } from "../synchroniser.ts";

/** `skipped` and `unchanged` are the same to people. */
export function countsOf(rows: readonly RoundRow[]) {
  const count = (...kinds: readonly RoundRow["outcome"]["kind"][]) =>
    rows.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  return {
    deployed: count("deployed"),
    would_deploy: count("would_deploy"),
    unchanged: count("unchanged", "skipped"),
    refused: count("refused"),
    failed: count("failed"),
  };
}
