/** Whether what people filled in on the portal has come to Camunda: as the engine shows it, not as our programs say. */
import type { Bitrix24Simulator } from "../bitrix24/simulator.ts";
import type { CompletedContract, Contracts, EngineVariable } from "./contracts.ts";

export interface AnswerCount {
  /** Answers in the questionnaires of the contract's tasks; of a task that was done twice, the later ones. */
  readonly given: number;
  /** Those of them that a variable of the process says too. */
  readonly arrived: number;
}

export interface ContractAnswers extends AnswerCount {
  /** Of the contract. */
  readonly name: string;
}

export interface AnswersDeps {
  readonly portal: Pick<Bitrix24Simulator, "ledger" | "addon">;
  readonly contracts: Pick<Contracts, "taskOf" | "variablesOf">;
}

/** By the variable that the worker is to write: `<element>_<questionnaire>_<question>`. `null` was left open. */
type GivenAnswers = ReadonlyMap<string, string | null>;

export class Answers {
  #total: AnswerCount = { given: 0, arrived: 0 };

  constructor(private readonly deps: AnswersDeps) {}

  /** Of all contracts looked at so far. */
  get total(): AnswerCount {
    return this.#total;
  }

  /** Each contract is to be looked at once. */
  async lookFor(contracts: readonly CompletedContract[]): Promise<ContractAnswers[]> {
    if (contracts.length === 0) return [];
    const ids = contracts.map(({ processInstanceId }) => processInstanceId);
    const given = this.#given(new Set(ids));
    const names = new Set([...given.values()].flatMap((answers) => [...answers.keys()]));
    const variables = await this.deps.contracts.variablesOf(ids, [...names]);
    const kept = Map.groupBy(variables, ({ processInstanceId }) => processInstanceId);
    return contracts.map(({ processInstanceId, name }) => {
      const count = countOf(given.get(processInstanceId) ?? new Map(), kept.get(processInstanceId) ?? []);
      this.#total = { given: this.#total.given + count.given, arrived: this.#total.arrived + count.arrived };
      return { name, ...count };
    });
  }

  /** By process instance. */
  #given(processInstanceIds: ReadonlySet<string>): ReadonlyMap<string, GivenAnswers> {
    const { portal, contracts } = this.deps;
    const answers = new Map<string, Map<string, string | null>>();
    for (const [externalTaskId, [taskId = ""]] of portal.ledger()) {
      const { processInstanceId = "", activityId = "" } = contracts.taskOf(externalTaskId) ?? {};
      if (!processInstanceIds.has(processInstanceId)) continue;
      const ofContract = answers.get(processInstanceId) ?? new Map<string, string | null>();
      answers.set(processInstanceId, ofContract);
      for (const { CODE, questions } of portal.addon.questionnaires(taskId)) {
        for (const question of questions) ofContract.set(`${activityId}_${CODE}_${question.CODE}`, question.answer);
      }
    }
    return answers;
  }
}

function countOf(answers: GivenAnswers, variables: readonly EngineVariable[]): AnswerCount {
  const values = new Map(variables.map(({ name, value }) => [name, value]));
  const given = [...answers].flatMap(([name, answer]) => answer === null ? [] : [{ name, answer }]);
  return { given: given.length, arrived: given.filter(({ name, answer }) => says(values.get(name), answer)).length };
}

/** Integers and truths have come as such: 3 for "03", true for "true". */
function says(value: EngineVariable["value"] | undefined, answer: string): boolean {
  return String(value) === answer || typeof value === "number" && answer.trim() !== "" && Number(answer) === value;
}
