/** The simulated people of the demo: they take a moment for each task, and refuse every fifth contract once. */
import type { Clock } from "../../lib/time/clock.ts";
import type { OpenTask } from "../bitrix24/people.ts";
import type { Contracts } from "./contracts.ts";

export interface SimulatedPeopleDeps {
  readonly contracts: Pick<Contracts, "taskOf" | "numberOf">;
  readonly clock: Clock;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** Aborts when they go home. */
  readonly signal: AbortSignal;
}

/** What a person sees of a task. */
export type DeskTask = Pick<OpenTask, "id" | "answerExpected" | "externalTaskId">;

/** Where people work: the portal. */
export interface Desk {
  openTasks(): readonly Pick<OpenTask, "id">[];
  finish(taskId: string, result: { readonly answer?: string }): void;
}

/** How long a person takes for a task. */
export interface Pace {
  readonly leastMs: number;
  readonly mostMs: number;
}

export class SimulatedPeople {
  /** Process instances of contracts that were refused. */
  readonly #refused = new Set<string>();

  constructor(private readonly pace: Pace, private readonly deps: SimulatedPeopleDeps) {}

  /** Takes the moment, then finishes the task; resolves when that is done or no longer to be done. */
  async work(task: DeskTask, desk: Desk): Promise<void> {
    const { clock, random = Math.random, signal } = this.deps;
    const { leastMs, mostMs } = this.pace;
    try {
      await clock.sleep(leastMs + (mostMs - leastMs) * random(), signal);
    } catch {
      return;
    }
    try {
      desk.finish(task.id, task.answerExpected ? { answer: this.#approves(task) ? "ДА" : "НЕТ" } : {});
    } catch (error) {
      // Whoever sits before the page may have been faster.
      if (desk.openTasks().some(({ id }) => id === task.id)) throw error;
    }
  }

  #approves({ externalTaskId }: DeskTask): boolean {
    const { contracts } = this.deps;
    const contract = contracts.taskOf(externalTaskId)?.processInstanceId ?? "";
    const number = contracts.numberOf(contract);
    if (number === undefined || number % 5 !== 0 || this.#refused.has(contract)) return true;
    this.#refused.add(contract);
    return false;
  }
}
