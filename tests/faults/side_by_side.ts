/** Steps of a test that run at the same time: each owns its world, and spends most of its time waiting. */
import { Semaphore } from "../../lib/time/semaphore.ts";

export interface Step {
  readonly name: string;
  fn(): Promise<void>;
}

/** @param atOnce most steps under way: each starts several programs */
export async function sideBySide(context: Deno.TestContext, steps: readonly Step[], atOnce: number): Promise<void> {
  const slots = new Semaphore(atOnce);
  // What a step leaves behind is the whole test's to find: while others run, nobody can tell whose it is.
  const unwatched = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
  await Promise.all(steps.map((step) => slots.run(() => context.step({ ...step, ...unwatched }))));
}
