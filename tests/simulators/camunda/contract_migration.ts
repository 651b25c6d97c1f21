/** The contract of migration plans and of moving instances along them. */
import assert from "node:assert/strict";
import { z } from "zod";
import { type Bench, type ContractCase, end, external, flows, oneTask, start } from "./contract_bench.ts";

const deployed = z.looseObject({ deployedProcessDefinitions: z.record(z.string(), z.unknown()) });
const plan = z.looseObject({
  instructions: z.array(
    z.looseObject({ sourceActivityIds: z.array(z.string()), targetActivityIds: z.array(z.string()) }),
  ),
});
const validation = z.looseObject({
  instructionReports: z.array(z.looseObject({ failures: z.array(z.string()) })),
});

/** Another drawing of the process: its task has another id. */
const renamedTask = (topic: string) => start + external("B", topic) + end + flows("s>B", "B>e");

/** Deploys; returns the id of the new version. */
async function versionOf(bench: Bench, flow: string): Promise<string> {
  const [id] = Object.keys(deployed.parse(await bench.deploy(flow)).deployedProcessDefinitions);
  assert.ok(id !== undefined);
  return id;
}

async function planOf(bench: Bench, sourceProcessDefinitionId: string, targetProcessDefinitionId: string) {
  const ids = { sourceProcessDefinitionId, targetProcessDefinitionId, updateEventTriggers: true };
  return plan.parse(await bench.ok("POST", "/migration/generate", ids));
}

async function failuresOf(bench: Bench, migrationPlan: unknown): Promise<string[]> {
  const { instructionReports } = validation.parse(await bench.ok("POST", "/migration/validate", migrationPlan));
  return instructionReports.flatMap(({ failures }) => failures);
}

export const migrationContract: readonly ContractCase[] = [
  ["moves running instances to another version where their activities have a counterpart", async (bench) => {
    const source = await versionOf(bench, oneTask(bench.topic));
    const instance = await bench.start();
    const target = await versionOf(bench, oneTask(bench.topic, "", 'name="Renamed"'));
    const migrationPlan = await planOf(bench, source, target);
    assert.deepEqual(migrationPlan.instructions.map(({ sourceActivityIds }) => sourceActivityIds), [["A"]]);
    assert.deepEqual(await failuresOf(bench, migrationPlan), []);
    await bench.ok("POST", "/migration/execute", { migrationPlan, processInstanceIds: [instance] });
    const [moved] = z.array(z.looseObject({ id: z.string() })).parse(
      await bench.ok("POST", "/process-instance", { processDefinitionId: target }),
    );
    assert.equal(moved?.id, instance);
    await bench.complete(await bench.fetchOne());
    assert.equal(await bench.state(instance), "COMPLETED");
  }],
  ["finds no fault in a plan without instructions, and refuses to move an instance along it", async (bench) => {
    const source = await versionOf(bench, oneTask(bench.topic));
    const instance = await bench.start();
    const migrationPlan = await planOf(bench, source, await versionOf(bench, renamedTask(bench.topic)));
    assert.deepEqual(migrationPlan.instructions, []);
    assert.deepEqual(await failuresOf(bench, migrationPlan), []);
    const body = { migrationPlan, processInstanceIds: [instance] };
    const { type, message } = await bench.refused(400, "POST", "/migration/execute", body);
    assert.equal(type, "MigratingProcessInstanceValidationException");
    assert.match(
      message,
      /^ENGINE-23004 Cannot migrate process instance '.*':\n\tCannot migrate activity instance 'A:.*':\n/u,
    );
    assert.match(message, /\n\t\tThere is no migration instruction for this instance's activity\n$/u);
  }],
  ["finds the faults of instructions for activities of another kind, or that do not exist", async (bench) => {
    const source = await versionOf(bench, oneTask(bench.topic));
    const generated = await planOf(bench, source, await versionOf(bench, oneTask(bench.topic)));
    const failures = (sourceActivityId: string, targetActivityId: string) =>
      failuresOf(bench, {
        ...generated,
        instructions: [{ sourceActivityIds: [sourceActivityId], targetActivityIds: [targetActivityId] }],
      });
    assert.match((await failures("A", "s")).join(), /^Activities have incompatible types/u);
    assert.deepEqual(await failures("Z", "A"), ["Source activity 'Z' does not exist"]);
    assert.deepEqual(await failures("A", "Z"), ["Target activity 'Z' does not exist"]);
  }],
  ["answers 500 to the migration of an instance that is not there, or not of the plan's version", async (bench) => {
    const source = await versionOf(bench, oneTask(bench.topic));
    const target = await versionOf(bench, oneTask(bench.topic));
    const instance = await bench.start();
    const migrationPlan = await planOf(bench, source, target);
    const refused = async (id: string) => {
      const body = { migrationPlan, processInstanceIds: [id] };
      return (await bench.refused(500, "POST", "/migration/execute", body)).message;
    };
    assert.match(await refused(instance), /^ENGINE-23002 .* does not match the source process definition/u);
    await bench.ok("DELETE", `/process-instance/${instance}`);
    assert.equal(
      await refused(instance),
      `ENGINE-23003 Process instance '${instance}' cannot be migrated. The process instance does not exist`,
    );
  }],
];
