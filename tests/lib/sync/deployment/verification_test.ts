import assert from "node:assert/strict";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import {
  done,
  executable,
  external,
  never,
  openPlace,
  order,
  refused,
  request,
  suspendedVersions,
} from "./deploying.ts";

Deno.test("topics that no worker fetches are told with the elements that have them", async () => {
  await using place = await openPlace();
  const xml = diagram(
    `${node("startEvent", "Start")}${external("Check", "bitrix_create_tusk")}${external("Book", "close_month", "Book")}
     ${external("Mail", "${channel}", "Tell")}
     ${
      node(
        "endEvent",
        "End",
        "Told",
        `<bpmn:messageEventDefinition id="Told_message" camunda:type="external" camunda:topic="close_month" />`,
      )
    }
     ${path("Start", "Check", "Book", "Mail", "End")}`,
    { process: executable("Order", "Order intake") },
  );
  const { warnings } = done(await place.deployer().deploy(request(xml), never));
  assert.deepEqual(warnings, [
    "No worker fetches the topic «bitrix_create_tusk», so nobody would do «Check papers» (Check). Is it written right? " +
    "A topic of one's own is named in WORKER_EXTRA_TOPICS as bitrix_create_tusk=<system>.",
    "No worker fetches the topic «close_month», so nobody would do «Book» (Book), «Told» (End). Is it written right? " +
    "A topic of one's own is named in WORKER_EXTRA_TOPICS as close_month=<system>.",
  ]);
  const known = place.deployer({ extraTopics: ["close_month", "bitrix_create_tusk"] });
  assert.deepEqual(done(await known.deploy(request(xml), never)).warnings, []);
});

Deno.test("a topic that only begins like a known one is routed but not fetched", async () => {
  await using place = await openPlace();
  const { warnings } = done(await place.deployer().deploy(request(order({ topic: "1c_close_month" })), never));
  assert.match(warnings[0] ?? "", /WORKER_EXTRA_TOPICS as 1c_close_month\.$/);
});

Deno.test("a version without a tenant beside ours is told: its tasks would wait for ever", async () => {
  await using place = await openPlace();
  await place.driver.deploy(order());
  const { warnings } = done(await place.deployer({ tenantId: "imenaProd" }).deploy(request(order()), never));
  assert.deepEqual(warnings, [
    "Order: there is also version 1 without a tenant. Whoever starts the process without naming imenaProd gets that " +
    "one, and no worker of imenaProd takes its tasks.",
  ]);
});

Deno.test("a process that is not executable is told when others of the file are", async () => {
  await using place = await openPlace();
  const idle = `<bpmn:process id="Idle" name="Later" isExecutable="false">${node("startEvent", "S2")}</bpmn:process>`;
  const xml = order().replace("</bpmn:definitions>", `${idle}</bpmn:definitions>`);
  const { warnings } = done(await place.deployer().deploy(request(xml), never));
  assert.deepEqual(warnings, ["«Later» (Idle) is not executable; Camunda leaves it out."]);
});

Deno.test("until the time of activation the version is suspended, and one is told that nothing starts by its key", async () => {
  await using place = await openPlace();
  const deployer = place.deployer();
  await deployer.deploy(request(order()), never);
  const activateAt = new Date(place.clock.now() + 3_600_000);
  const next = request(order({ topic: "op_create_task" }));
  const { warnings, definitions } = done(await deployer.deploy({ ...next, activateAt }, never));
  assert.deepEqual(warnings, [
    "Order: until 2030-01-31T09:00:00.000Z nothing can be started by this key: Camunda takes the newest version also " +
    "while it is suspended.",
  ]);
  const start = () => place.driver.raw("POST", "/process-definition/key/Order/start", {});
  assert.equal((await start()).status, 500);
  place.clock.ms = activateAt.getTime();
  assert.equal((await start()).status, 200);
  const again = done(await deployer.deploy({ ...next, activateAt }, never));
  assert.deepEqual([again.kind, again.definitions, again.warnings], ["unchanged", definitions, []]);
});

Deno.test("a return to an older drawing at a later time is a version of its own; the older one goes on as it is", async () => {
  await using place = await openPlace();
  const deployer = place.deployer();
  const old = request(order(), "Order intake");
  await deployer.deploy(old, never);
  const running = await place.driver.start("Order");
  await deployer.deploy(request(order({ topic: "op_create_task" }), "Order intake, new"), never);
  const activateAt = new Date(place.clock.now() + 3_600_000);
  const { kind, definitions } = done(await deployer.deploy({ ...old, activateAt }, never));
  assert.deepEqual([kind, definitions[0]?.version], ["deployed", 3]);
  assert.deepEqual(await suspendedVersions(place.driver), [3]);
  assert.equal((await place.driver.externalTasks({ processInstanceId: running }))[0]?.suspended, false);
  place.clock.ms = activateAt.getTime();
  assert.deepEqual(await suspendedVersions(place.driver), []);
  await place.driver.start("Order");
  assert.equal((await deployer.deployedXml("Order", never))?.xml, old.xml);
});

Deno.test("a time of activation does not suspend what is deployed and active already", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order()), never);
  const activateAt = new Date(place.clock.now() + 3_600_000);
  const { kind, warnings } = done(await place.deployer().deploy({ ...request(order()), activateAt }, never));
  assert.equal(kind, "unchanged");
  assert.deepEqual(warnings, ["There is no new version, so the time of activation was not used."]);
  await place.driver.start("Order");
});

Deno.test("a newest version that somebody suspended is told", async () => {
  await using place = await openPlace();
  const { definitions: [definition] } = done(await place.deployer().deploy(request(order()), never));
  await place.driver.call("PUT", `/process-definition/${definition?.id}/suspended`, { suspended: true });
  const { warnings } = done(await place.deployer().deploy(request(order()), never));
  assert.deepEqual(warnings, ["Order: version 1 is suspended, so nothing can be started of it."]);
});

Deno.test("a version that Camunda says it made but does not show is a fault, not a success", async () => {
  await using place = await openPlace();
  place.simulator.failNext("GET /process-definition", { status: 200, body: [] }, 2);
  const [problem] = refused(await place.deployer({ tenantId: "imenaProd" }).deploy(request(order()), never));
  assert.match(problem?.reason ?? "", /shows no version of this process for the tenant imenaProd/);
});

Deno.test("what can be known before is told before: a plan warns as the deployment does", async () => {
  await using place = await openPlace();
  await place.driver.deploy(order());
  const deployer = place.deployer({ tenantId: "imenaProd" });
  const strange = request(order({ topic: "close_month" }));
  const plan = await deployer.plan(strange, never);
  assert.ok(plan.kind === "planned");
  assert.match(
    plan.warnings.join("\n"),
    /^No worker fetches the topic «close_month».*\nOrder: there is also version 1 without/,
  );
  assert.deepEqual(done(await deployer.deploy(strange, never)).warnings, plan.warnings);
  const again = await deployer.plan(strange, never);
  assert.ok(again.kind === "unchanged");
  assert.deepEqual(again.warnings, plan.warnings);
});
