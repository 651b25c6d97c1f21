/** The simulated people of the demo: they do all that a task asks of them, and refuse every fifth contract once. */
import type { Clock } from "../../lib/time/clock.ts";
import type { AddonQuestion } from "../bitrix24/addon_records.ts";
import type { OpenTask, People } from "../bitrix24/people.ts";
import type { TaskDetails } from "../bitrix24/task_details.ts";
import type { Contracts } from "./contracts.ts";
import { isWhole } from "./task_templates.ts";

export interface SimulatedPeopleDeps {
  readonly contracts: Pick<Contracts, "taskOf" | "numberOf">;
  readonly clock: Clock;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** Aborts when they go home. */
  readonly signal: AbortSignal;
}

/** What they have to know of a task to begin with it. */
export type DeskTask = Pick<OpenTask, "id" | "answerExpected" | "externalTaskId">;

/** Where people work: the portal. */
export type Desk = Pick<People, "details" | "start" | "tick" | "fillIn" | "finish">;

/** How long a person takes for a task. */
export interface Pace {
  readonly leastMs: number;
  readonly mostMs: number;
}

const LOOK_AGAIN_MS = 100;
const PENDING = "2";

export class SimulatedPeople {
  /** Process instances of contracts that were refused. */
  readonly #refused = new Set<string>();

  constructor(private readonly pace: Pace, private readonly deps: SimulatedPeopleDeps) {}

  /** Works on the task for a moment, then finishes it; resolves when that is done or no longer to be done. */
  async work(task: DeskTask, desk: Desk): Promise<void> {
    const { random = Math.random } = this.deps;
    const { leastMs, mostMs } = this.pace;
    const halfMs = (leastMs + (mostMs - leastMs) * random()) / 2;
    const details = await this.#takeUp(task, desk, halfMs);
    if (details === undefined) return;
    for (const { id, depth, complete } of details.checklist) {
      if (depth > 0 && !complete) desk.tick(task.id, id);
    }
    desk.fillIn(task.id, this.#answersTo(details));
    if (await this.#pause(halfMs) && isOpen(desk.details(task.id))) desk.finish(task.id, this.#outcomeOf(task));
  }

  /** `undefined` when the task is no longer to be done. */
  async #takeUp({ id, externalTaskId }: DeskTask, desk: Desk, afterMs: number): Promise<TaskDetails | undefined> {
    const elementId = this.deps.contracts.taskOf(externalTaskId)?.activityId ?? "";
    for (let waitMs = afterMs; await this.#pause(waitMs); waitMs = LOOK_AGAIN_MS) {
      const details = desk.details(id);
      if (!isOpen(details)) return undefined;
      if (!isWhole(elementId, details)) continue;
      if (details.task.status === PENDING) desk.start(id);
      return details;
    }
    return undefined;
  }

  /** Whether nobody has gone home meanwhile. */
  async #pause(ms: number): Promise<boolean> {
    const { clock, signal } = this.deps;
    return await clock.sleep(ms, signal).then(() => true, () => false);
  }

  /** To the questions that are open still, by their ids. */
  #answersTo({ questionnaires, choices }: TaskDetails): ReadonlyMap<number, string> {
    const open = questionnaires.flatMap(({ questions }) => questions).filter(({ answer }) => answer === null);
    return new Map(open.map((question) => [question.ID, this.#answerTo(question, choices(question))]));
  }

  #answerTo({ TYPE }: AddonQuestion, choices: ReturnType<TaskDetails["choices"]>): string {
    const { random = Math.random } = this.deps;
    if (TYPE === "boolean") return "true";
    if (TYPE === "integer") return String(Math.floor(random() * 4));
    const [value = "нет"] = choices?.[Math.floor(random() * choices.length)] ?? [];
    return value;
  }

  #outcomeOf({ answerExpected, externalTaskId }: DeskTask): NonNullable<Parameters<Desk["finish"]>[1]> {
    const { contracts } = this.deps;
    const contract = contracts.taskOf(externalTaskId)?.processInstanceId ?? "";
    const number = contracts.numberOf(contract);
    if (!answerExpected) {
      const result = "Контрагент проверен, проект договора готов.";
      return { result, files: [{ name: `Проект договора ${number ?? ""}.docx` }] };
    }
    return this.#approves(contract, number)
      ? { answer: "ДА", result: "Согласовано, можно подписывать." }
      : { answer: "НЕТ", result: "Не согласовано: уточните порядок оплаты." };
  }

  #approves(contract: string, number: number | undefined): boolean {
    if (number === undefined || number % 5 !== 0 || this.#refused.has(contract)) return true;
    this.#refused.add(contract);
    return false;
  }
}

/** Whoever sits before the page may have closed or deleted the task first. */
function isOpen(details: TaskDetails | undefined): details is TaskDetails {
  return details?.closed === false;
}
