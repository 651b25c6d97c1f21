/** A suite is a list of sentences, each shown in a world of its own. */
import type { World, WorldOptions } from "./world.ts";

export interface WorldTest {
  /** What is true of our programs. */
  readonly sentence: string;
  readonly world?: WorldOptions;
  readonly show: (world: World) => Promise<void>;
}

export function shown(sentence: string, show: WorldTest["show"], world?: WorldOptions): WorldTest {
  return { sentence, show, ...(world === undefined ? {} : { world }) };
}
