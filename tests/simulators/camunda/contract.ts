/**
 * What a Camunda 7.24 does, as far as this project relies on it: the same tests for the simulator and for the real engine.
 * Where the two differ, the engine is right. The simulator's answers are also held against Camunda's OpenAPI description.
 */
import { Bench, type ContractCase, type EngineUnderTest } from "./contract_bench.ts";
import { deploymentContract } from "./contract_deployment.ts";
import { externalTaskContract } from "./contract_external_task.ts";
import { migrationContract } from "./contract_migration.ts";
import { processContract } from "./contract_process.ts";
import { type AnswerCheck, openApiCheck } from "./openapi_check.ts";

const cases: readonly ContractCase[] = [
  ...deploymentContract,
  ...migrationContract,
  ...externalTaskContract,
  ...processContract,
];

export function camundaContract(name: string, makeEngine: () => Promise<EngineUnderTest>): void {
  let answerCheck: AnswerCheck | undefined;
  for (const [sentence, test] of cases) {
    Deno.test(`${name} ${sentence}`, async () => {
      answerCheck ??= await openApiCheck();
      await using bench = new Bench(await makeEngine(), answerCheck);
      await test(bench);
    });
  }
}
