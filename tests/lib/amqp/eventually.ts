/** Waiting for a condition in tests: with a deadline and with words for what did not happen. */

/** Resolves once `condition` holds; rejects after `withinMs`. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string, withinMs = 20_000) {
  const deadlineMs = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
