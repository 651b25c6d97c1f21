/** The demo as a plain log, for files, pipes and terminals that cannot move the cursor. */
import type { DemoState } from "./state.ts";
import { plainText } from "./text.ts";
import { durationText, processText, wordsOf } from "./view.ts";

const LEAST_INTERVAL_MS = 1_000;

export class PlainLog {
  #introduced = false;
  #saidDeployed = false;
  #saidEnding = false;
  #reported: Pick<DemoState, "completed" | "elapsedMs"> = { completed: 0, elapsedMs: 0 };

  constructor(private readonly printLine: (line: string) => void) {}

  /**
   * Prints what is new: at first the addresses, then that the process is deployed, then how many contracts are completed, at
   * most once per second.
   */
  show(state: DemoState): void {
    const words = wordsOf(state).map(plainText).join(" ");
    if (!this.#introduced) {
      this.#introduced = true;
      const { pages: { bitrix24, camunda }, options: { instances } } = state;
      this.printLine(`Bitrix24: ${bitrix24}  Camunda: ${camunda}`);
      this.printLine(`${instances} contracts wait for their process. ${words}`);
    }
    if (state.deployedVersion !== undefined && !this.#saidDeployed) {
      this.#saidDeployed = true;
      this.printLine(`${durationText(state.elapsedMs)}: ${processText(state)}`);
    }
    if (state.phase === "ending" && !this.#saidEnding) {
      this.#saidEnding = true;
      this.printLine(words);
    }
    if (this.#isNews(state)) {
      this.#reported = state;
      this.printLine(progressLine(state));
    }
  }

  #isNews({ completed, elapsedMs, options }: DemoState): boolean {
    if (completed === this.#reported.completed) return false;
    return completed === options.instances || elapsedMs - this.#reported.elapsedMs >= LEAST_INTERVAL_MS;
  }
}

function progressLine({ elapsedMs, completed, options, tasks, openTasks }: DemoState): string {
  return `${durationText(elapsedMs)}: ${completed} of ${options.instances} contracts completed; tasks: ` +
    `${tasks.fetched} fetched, ${tasks.published} published, ${tasks.created} created, ${openTasks} open, ` +
    `${tasks.answered} found finished, ${tasks.completed} completed`;
}
