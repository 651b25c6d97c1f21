import assert from "node:assert/strict";
import { z } from "zod";
import { done, never, openPlace, order, type Place, request, saleAndPurchase, suspendedVersions } from "./deploying.ts";

const instance = z.object({ definitionId: z.string() });

async function versionOf(place: Place, instanceId: string): Promise<string | undefined> {
  const { definitionId } = instance.parse(await place.driver.call("GET", `/process-instance/${instanceId}`));
  return definitionId.split(":")[1];
}

Deno.test("older versions are left alone unless one asks for more", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const running = await place.driver.start("Order");
  await place.deployer().deploy(request(order({ topic: "op_create_task" })), never);
  assert.deepEqual(await suspendedVersions(place.driver), []);
  assert.equal(await versionOf(place, running), "1");
});

Deno.test("suspended older versions start nothing, and what runs of them goes on", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const running = await place.driver.start("Order");
  await place.deployer({ tenantId: "other" }).deploy(request(order()), never);
  const next = request(order({ topic: "op_create_task" }));
  await place.deployer({ olderVersions: "suspend" }).deploy(next, never);
  assert.deepEqual(await suspendedVersions(place.driver), [1]);
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
  assert.deepEqual(await suspendedVersions(place.driver), [1]);
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
  assert.deepEqual(await suspendedVersions(place.driver), [2]);
  assert.equal(warnings.at(-1), "Older versions are left as they are until the new one is active.");
});

Deno.test("an instance that ended or moved before its turn is no loss, and the others move", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const [ended, one, two] = [
    await place.driver.start("Order"),
    await place.driver.start("Order"),
    await place.driver.start("Order"),
  ];
  await place.deployer().deploy(request(order({ version: "2" })), never);
  const moved = await place.driver.start("Order");
  await place.driver.deleteInstance(ended);
  // Camunda's list of version 1, as it was a moment before.
  const body = [one, ended, moved, two].map((id) => ({ id }));
  place.simulator.failNext("POST /process-instance", { status: 200, body });
  const next = request(order({ version: "2" }));
  const { kind, warnings } = done(await place.deployer({ olderVersions: "migrate" }).deploy(next, never));
  assert.deepEqual([kind, warnings], ["unchanged", []]);
  assert.deepEqual(await Promise.all([one, two, moved].map((id) => versionOf(place, id))), ["2", "2", "2"]);
});

const failures = [
  { olderVersions: "suspend", call: /^PUT .*Sale.*suspended$/ },
  { olderVersions: "migrate", call: "POST /migration/generate" },
] as const;
for (const { olderVersions, call } of failures) {
  Deno.test(`older versions that Camunda does not ${olderVersions} are told; those of the other process are treated`, async () => {
    await using place = await openPlace();
    await place.deployer().deploy(request(saleAndPurchase("1")), never);
    const [sale, purchase] = [await place.driver.start("Sale"), await place.driver.start("Purchase")];
    const body = { type: "AuthorizationException", message: "The user with id 'x' may not", code: 0 };
    place.simulator.failNext(call, { status: 403, body });
    const treating = place.deployer({ olderVersions });
    const { kind, definitions, warnings } = done(await treating.deploy(request(saleAndPurchase("2")), never));
    assert.deepEqual([kind, definitions.map(({ version }) => version)], ["deployed", [2, 2]]);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      new RegExp(`^Sale: not all older versions were treated \\(${olderVersions}\\): .*The user with id 'x' may not`),
    );
    const isTreated = async (key: string, running: string) =>
      olderVersions === "migrate"
        ? await versionOf(place, running) === "2"
        : (await suspendedVersions(place.driver, key)).includes(1);
    assert.deepEqual([await isTreated("Sale", sale), await isTreated("Purchase", purchase)], [false, true]);
    // The next run comes back to it.
    assert.deepEqual(done(await treating.deploy(request(saleAndPurchase("2")), never)).warnings, []);
    assert.equal(await isTreated("Sale", sale), true);
  });
}
