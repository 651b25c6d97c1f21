import assert from "node:assert/strict";
import { newestDefinitions, suspendDefinition, versionsOf } from "../../../lib/camunda/process_definitions.ts";
import { oneTask } from "./camunda_fixture.ts";
import { openCamunda } from "./deploying.ts";

Deno.test("the newest version is known for each tenant, and all versions newest first", async () => {
  await using place = await openCamunda();
  for (const topic of ["x", "y"]) await place.deploy(oneTask("A").replace('topic="A"', `topic="${topic}"`));
  await place.deploy(oneTask("A"), { tenantId: "ours" });
  const newest = await newestDefinitions(place.camunda, "A");
  assert.deepEqual(
    newest.map(({ tenantId, version }) => [tenantId, version]).toSorted(),
    [[null, 2], ["ours", 1]],
  );
  assert.deepEqual((await versionsOf(place.camunda, "A", null)).map(({ version }) => version), [2, 1]);
  assert.deepEqual((await versionsOf(place.camunda, "A", "ours")).map(({ version }) => version), [1]);
  assert.deepEqual(await newestDefinitions(place.camunda, "B"), []);
});

Deno.test("nothing is started of a suspended version, and what runs of it goes on", async () => {
  await using place = await openCamunda();
  const { definitions: [definition] } = await place.deploy(oneTask("A"));
  const running = await place.driver.start("A");
  await suspendDefinition(place.camunda, definition?.id ?? "");
  assert.equal((await place.driver.raw("POST", "/process-definition/key/A/start", {})).status, 500);
  assert.equal((await newestDefinitions(place.camunda, "A"))[0]?.suspended, true);
  assert.equal((await place.driver.externalTasks({ processInstanceId: running }))[0]?.suspended, false);
});
