import assert from "node:assert/strict";
import { z } from "zod";
import { done, never, openPlace, order, type Place, request } from "./deploying.ts";

const definitions = z.array(z.object({ version: z.number(), suspended: z.boolean() }));
const instance = z.object({ definitionId: z.string() });

async function suspendedVersions(place: Place): Promise<number[]> {
  const found = definitions.parse(await place.driver.call("GET", "/process-definition?key=Order"));
  return found.filter(({ suspended }) => suspended).map(({ version }) => version);
}

async function versionOf(place: Place, instanceId: string): Promise<string | undefined> {
  const { definitionId } = instance.parse(await place.driver.call("GET", `/process-instance/${instanceId}`));
  return definitionId.split(":")[1];
}

Deno.test("older versions are left alone unless one asks for more", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const running = await place.driver.start("Order");
  await place.deployer().deploy(request(order({ topic: "op_create_task" })), never);
  assert.deepEqual(await suspendedVersions(place), []);
  assert.equal(await versionOf(place, running), "1");
});

Deno.test("suspended older versions start nothing, and what runs of them goes on", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const running = await place.driver.start("Order");
  await place.deployer({ tenantId: "other" }).deploy(request(order()), never);
  const next = request(order({ topic: "op_create_task" }));
  await place.deployer({ olderVersions: "suspend" }).deploy(next, never);
  assert.deepEqual(await suspendedVersions(place), [1]);
  const [task] = await place.driver.externalTasks({ processInstanceId: running });
  assert.equal(task?.suspended, false);
});

Deno.test("suspending is done also when the newest version was there already", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const next = request(order({ topic: "op_create_task" }));
  await place.deployer().deploy(next, never);
  const outcome = done(await place.deployer({ olderVersions: "suspend" }).deploy(next, never));
  assert.equal(outcome.kind, "unchanged");
  assert.deepEqual(await suspendedVersions(place), [1]);
});

Deno.test("running instances move to the new version with their tasks", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const running = await place.driver.start("Order");
  const [before] = await place.driver.externalTasks({ processInstanceId: running });
  const migrating = place.deployer({ olderVersions: "migrate" });
  const outcome = done(await migrating.deploy(request(order({ version: "2" })), never));
  assert.deepEqual(outcome.warnings, []);
  assert.equal(await versionOf(place, running), "2");
  const [after] = await place.driver.externalTasks({ processInstanceId: running });
  assert.equal(after?.id, before?.id);
});

Deno.test("an instance whose activity is gone stays and is told; the others move", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const [one, two] = [await place.driver.start("Order"), await place.driver.start("Order")];
  await place.deployer().deploy(request(order({ task: "Old" })), never);
  const stuck = await place.driver.start("Order");
  const migrating = place.deployer({ olderVersions: "migrate" });
  const { warnings } = done(await migrating.deploy(request(order({ version: "3" })), never));
  assert.deepEqual(await Promise.all([one, two, stuck].map((id) => versionOf(place, id))), ["3", "3", "2"]);
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0] ?? "",
    new RegExp(
      `^1 of 1 running instances of Order version 2 stay with it: ${stuck}: .*no migration instruction for this instance`,
    ),
  );
});

Deno.test("older versions stay as they are while the new one waits for its activation", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const activateAt = new Date(place.clock.now() + 1_000);
  const next = { ...request(order({ topic: "op_create_task" })), activateAt };
  const { warnings } = done(await place.deployer({ olderVersions: "suspend" }).deploy(next, never));
  assert.deepEqual(await suspendedVersions(place), [2]);
  assert.equal(warnings.at(-1), "Older versions are left as they are until the new one is active.");
});
