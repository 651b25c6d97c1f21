import assert from "node:assert/strict";
import { executeMigration, generateMigration, validateMigration } from "../../../lib/camunda/migration.ts";
import { runningInstances } from "../../../lib/camunda/process_instances.ts";
import { oneTask } from "./camunda_fixture.ts";
import { openCamunda } from "./deploying.ts";

Deno.test("instances move along a plan that Camunda made, all or none", async () => {
  await using place = await openCamunda();
  const old = (await place.deploy(oneTask("A"))).definitions[0]?.id ?? "";
  const [one, two] = [await place.driver.start("A"), await place.driver.start("A")];
  const other = oneTask("A").replaceAll('"task"', '"other"');
  const strange = (await place.deploy(other)).definitions[0]?.id ?? "";
  const plan = await generateMigration(place.camunda, old, strange);
  assert.deepEqual(plan.instructions, []);
  await assert.rejects(executeMigration(place.camunda, plan, [one, two]), /no migration instruction/);
  assert.deepEqual((await runningInstances(place.camunda, old)).toSorted(), [one, two].toSorted());
  const target = (await place.deploy(oneTask("A"), { name: "e" })).definitions[0]?.id ?? "";
  const next = await generateMigration(place.camunda, old, target);
  assert.deepEqual(await validateMigration(place.camunda, next), []);
  const wrong = { ...next, instructions: [{ sourceActivityIds: ["task"], targetActivityIds: ["start"] }] };
  assert.deepEqual(await validateMigration(place.camunda, wrong), ["task: Activities have incompatible types"]);
  await executeMigration(place.camunda, next, [one, two]);
  assert.deepEqual(await runningInstances(place.camunda, old), []);
  const [task] = await place.driver.externalTasks({ processInstanceId: one });
  const body = { workerId: "w", topics: [{ topicName: "A", lockDuration: 60_000 }], maxTasks: 2 };
  await place.driver.call("POST", "/external-task/fetchAndLock", body);
  await place.driver.call("POST", `/external-task/${task?.id}/complete`, { workerId: "w" });
  assert.ok(await place.driver.isCompleted(one));
});
