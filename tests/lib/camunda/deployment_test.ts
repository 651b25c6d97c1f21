import assert from "node:assert/strict";
import { CamundaError } from "../../../lib/camunda/client.ts";
import { createDeployment, type NewDeployment } from "../../../lib/camunda/deployment.ts";
import { executeMigration, generateMigration, validateMigration } from "../../../lib/camunda/migration.ts";
import { parseFaultsOf } from "../../../lib/camunda/parse_faults.ts";
import { newestDefinitions, suspendDefinition, versionsOf } from "../../../lib/camunda/process_definitions.ts";
import { runningInstances } from "../../../lib/camunda/process_instances.ts";
import { startCamundaSimulator } from "../../../simulators/camunda/simulator.ts";
import { CamundaDriver } from "../../services/camunda_driver.ts";
import { bpmn, camundaFailure, clientFor, oneTask, startFakeCamunda } from "./camunda_fixture.ts";
import { camundaOpenApi } from "./openapi.ts";

const openApi = await camundaOpenApi();

async function openCamunda() {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await startCamundaSimulator());
  const camunda = stack.use(clientFor(simulator.baseUrl));
  const owned = stack.move();
  return {
    camunda,
    driver: new CamundaDriver(simulator.baseUrl),
    deploy: (xml: string, more: Partial<NewDeployment> = {}) =>
      createDeployment(camunda, { name: "d", resources: new Map([["a.bpmn", xml]]), ...more }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("a deployment carries name, source, tenant and time of activation in Camunda's own forms", async () => {
  const forms: FormData[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    forms.push(await request.formData());
    return Response.json({ id: "d1", deployedProcessDefinitions: null });
  });
  using camunda = clientFor(`http://127.0.0.1:${server.addr.port}`);
  const created = await createDeployment(camunda, {
    name: "Приём заказа",
    source: "camunda-sync",
    tenantId: "imenaProd",
    activateAt: new Date(Date.UTC(2030, 0, 31, 8)),
    resources: new Map([["заказ.bpmn", "<a/>"]]),
  });
  await server.shutdown();
  assert.deepEqual(created, { id: "d1", definitions: [] });
  const [form] = forms;
  const file = form?.get("заказ.bpmn");
  assert.ok(form !== undefined && file instanceof File);
  assert.deepEqual([file.name, file.type, await file.text()], ["заказ.bpmn", "text/xml", "<a/>"]);
  form.delete("заказ.bpmn");
  assert.deepEqual(Object.fromEntries(form), {
    "deployment-name": "Приём заказа",
    "deployment-source": "camunda-sync",
    "tenant-id": "imenaProd",
    "deployment-activation-time": "2030-01-31T08:00:00.000+0000",
    "enable-duplicate-filtering": "true",
    "deploy-changed-only": "false",
  });
});

Deno.test("duplicates are skipped whole, skipped one by one, or deployed", async () => {
  await using place = await openCamunda();
  const resources = (second: string) => new Map([["a.bpmn", oneTask("A")], ["b.bpmn", oneTask(second)]]);
  const keys = async (second: string, duplicates?: NewDeployment["duplicates"]) => {
    const more = { resources: resources(second), ...(duplicates && { duplicates }) };
    return (await place.deploy("", more)).definitions.map(({ key }) => key);
  };
  assert.deepEqual(await keys("B"), ["A", "B"]);
  assert.deepEqual(await keys("B"), []);
  assert.deepEqual(await keys("C", "skip_unchanged"), ["C"]);
  assert.deepEqual(await keys("C", "skip_unchanged"), []);
  assert.deepEqual(await keys("C", "deploy"), ["A", "C"]);
});

Deno.test("what another source deployed under the same name is no duplicate", async () => {
  await using place = await openCamunda();
  await place.deploy(oneTask("A"), { source: "modeler" });
  assert.equal((await place.deploy(oneTask("A"), { source: "camunda-sync" })).definitions[0]?.version, 2);
});

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

Deno.test("a file that Camunda refuses comes with every fault, its elements and its place", async () => {
  await using place = await openCamunda();
  const xml = bpmn(
    "A",
    `<startEvent id="start"/>
    <serviceTask id="task"
      camunda:type="external" name="a > b"/>
    <sequenceFlow id="f" sourceRef="start" targetRef="nowhere"/>`,
  );
  const error: unknown = await place.deploy(xml).catch((error: unknown) => error);
  assert.ok(error instanceof CamundaError);
  assert.deepEqual([error.status, error.type], [400, "ParseException"]);
  const faults = parseFaultsOf(error);
  assert.deepEqual(faults?.map(({ elementIds, line, resource }) => [elementIds, line, resource]), [
    [["task"], 6, "a.bpmn"],
    [["f"], 7, "a.bpmn"],
  ]);
  assert.equal(faults?.[0]?.column, 45);
});

Deno.test("the ids of elements are found under both spellings, and 0 is no line", async () => {
  const problem = (ids: string) => ({ message: "m", line: 0, column: 0, mainElementId: "G", [ids]: ["G", "F"] });
  for (const spelling of ["elementIds", "\u0435lementIds"]) {
    const details = { "a.bpmn": { errors: [problem(spelling)], warnings: [] } };
    const answer = { type: "ParseException", message: "ENGINE-09005 Could not parse", code: 0, details };
    await using fake = startFakeCamunda(() => Response.json(answer, { status: 400 }));
    using camunda = clientFor(fake.baseUrl);
    const error: unknown = await camunda.version().catch((error: unknown) => error);
    assert.deepEqual(parseFaultsOf(error), [{ message: "m", resource: "a.bpmn", elementIds: ["G", "F"] }]);
  }
});

Deno.test("XML and expressions that cannot be read are faults of the file, a failing database is none", async () => {
  await using place = await openCamunda();
  for (const xml of ["<a><b></a>", oneTask("A").replace('topic="A"', 'topic="${x == }"')]) {
    const error: unknown = await place.deploy(xml).catch((error: unknown) => error);
    assert.equal(parseFaultsOf(error)?.length, 1);
  }
  const answers = [
    camundaFailure(500, "ENGINE-03004 Exception while executing Database Operation", 0, "ProcessEngineException"),
    camundaFailure(403, "The user with id 'x' does not have 'CREATE' permission", 0, "AuthorizationException"),
    new Response("<html>", { status: 502 }),
  ];
  await using fake = startFakeCamunda(() => answers.shift() ?? new Response());
  using camunda = clientFor(fake.baseUrl);
  for (const _ of [1, 2, 3]) {
    const error: unknown = await camunda.version().catch((error: unknown) => error);
    assert.equal(parseFaultsOf(error), undefined);
  }
});

Deno.test(
  "the calls about versions and migration are ones that Camunda describes, with its names and types",
  { ignore: openApi === undefined },
  async () => {
    const plan = { sourceProcessDefinitionId: "a:1", targetProcessDefinitionId: "a:2", instructions: [] };
    await using fake = startFakeCamunda(({ path, method }) => {
      if (path.endsWith("/generate")) return Response.json(plan);
      if (path.endsWith("/validate")) return Response.json({ instructionReports: [] });
      const isList = method === "GET" || path === "/process-instance";
      return isList ? Response.json([]) : new Response(null, { status: 204 });
    });
    using camunda = clientFor(fake.baseUrl);
    await newestDefinitions(camunda, "A");
    await versionsOf(camunda, "A", null);
    await versionsOf(camunda, "A", "ours");
    await suspendDefinition(camunda, "A:1:x");
    const generated = await generateMigration(camunda, "a:1", "a:2");
    await validateMigration(camunda, generated);
    await executeMigration(camunda, generated, ["i"]);
    await runningInstances(camunda, "a:1");
    const faults = fake.calls.map((call) => [`${call.method} ${call.path}`, openApi?.faultsOf(call)]);
    assert.deepEqual(faults, fake.calls.map((call) => [`${call.method} ${call.path}`, []]));
    assert.equal(faults.length, 8);
  },
);
