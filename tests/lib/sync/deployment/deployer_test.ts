import assert from "node:assert/strict";
import { HttpError } from "../../../../lib/http/http_client.ts";
import { CamundaError } from "../../../../lib/camunda/client.ts";
import { diagram, file, node, path } from "../../bpmn/convert/drawing.ts";
import { done, executable, external, never, openPlace, order, refused, request } from "./deploying.ts";

Deno.test("a deployment belongs to the tenant, has the source, and its name says which drawing it is of", async () => {
  await using place = await openPlace();
  const deployer = place.deployer({ tenantId: "imenaProd", by: "anna" });
  const diagram = { id: "d-1", version: "12", updatedOn: "2030-01-31T08:00:00" };
  const outcome = done(await deployer.deploy({ ...request(order()), diagram }, never));
  assert.equal(outcome.kind, "deployed");
  assert.deepEqual(outcome.warnings, []);
  const [definition] = outcome.definitions;
  assert.deepEqual(
    [definition?.key, definition?.name, definition?.version, definition?.tenantId, definition?.deploymentId],
    ["Order", "Order intake", 1, "imenaProd", outcome.deploymentId],
  );
  assert.match(definition?.id ?? "", /^Order:1:/);
  const shown = await place.driver.call("GET", `/deployment/${outcome.deploymentId}`);
  assert.partialDeepStrictEqual(shown, {
    name: "Order intake (StormBPMN version 12, by anna)",
    source: "camunda-sync",
    tenantId: "imenaProd",
  });
});

Deno.test("the version of the drawing is read from the file when nobody says it", async () => {
  await using place = await openPlace();
  const outcome = done(await place.deployer().deploy(request(order({ diagramId: "d-1", version: "7" })), never));
  const shown = await place.driver.call("GET", `/deployment/${outcome.deploymentId}`);
  assert.partialDeepStrictEqual(shown, { name: "Order intake (StormBPMN version 7)" });
});

Deno.test("what Camunda has already is not deployed again, under whatever name", async () => {
  await using place = await openPlace();
  const deployer = place.deployer();
  const first = done(await deployer.deploy(request(order()), never));
  const again = done(await deployer.deploy(request(order()), never));
  const renamed = done(await deployer.deploy(request(order(), "Intake of orders"), never));
  for (const outcome of [again, renamed]) {
    assert.equal(outcome.kind, "unchanged");
    assert.deepEqual([outcome.deploymentId, outcome.definitions], [first.deploymentId, first.definitions]);
  }
  const changed = done(await deployer.deploy(request(order({ topic: "op_create_task" })), never));
  assert.deepEqual([changed.kind, changed.definitions[0]?.version], ["deployed", 2]);
  assert.equal(place.simulator.requestCounts()["POST /deployment/create"], 2);
});

Deno.test("without duplicate filtering every run makes a version", async () => {
  await using place = await openPlace();
  const deployer = place.deployer({ duplicateFiltering: false });
  await deployer.deploy(request(order()), never);
  assert.equal(done(await deployer.deploy(request(order()), never)).definitions[0]?.version, 2);
});

Deno.test("a return to an older drawing becomes the newest version, although a deployment of its name has it", async () => {
  await using place = await openPlace();
  const deployer = place.deployer();
  const old = request(order(), "Order intake");
  await deployer.deploy(old, never);
  await deployer.deploy(request(order({ topic: "op_create_task" }), "Order intake, new"), never);
  const outcome = done(await deployer.deploy(old, never));
  assert.deepEqual([outcome.kind, outcome.definitions[0]?.version], ["deployed", 3]);
  assert.equal((await deployer.deployedXml("Order", never))?.xml, old.xml);
});

Deno.test("what was deployed can be read back, of one's own tenant only", async () => {
  await using place = await openPlace();
  const ours = place.deployer({ tenantId: "ours" });
  await ours.deploy(request(order()), never);
  const found = await ours.deployedXml("Order", never);
  assert.deepEqual([found?.xml, found?.definition.version], [order(), 1]);
  assert.equal(await place.deployer({ tenantId: "theirs" }).deployedXml("Order", never), undefined);
  assert.equal(await place.deployer().deployedXml("Order", never), undefined);
});

Deno.test("a file with several processes, of any prefix, is one deployment", async () => {
  await using place = await openPlace();
  const process = (key: string) =>
    `<bpmn:process ${executable(key, key)}>${node("startEvent", `${key}_s`)}${node("endEvent", `${key}_e`)}${
      path(`${key}_s`, `${key}_e`)
    }</bpmn:process>`;
  const xml = file(`${process("Sale")}${process("Buy")}`).replaceAll("bpmn:", "").replace("xmlns:bpmn=", "xmlns=");
  const outcome = done(await place.deployer().deploy(request(xml), never));
  assert.deepEqual(outcome.definitions.map(({ key }) => key), ["Sale", "Buy"]);
});

Deno.test("a refusal of Camunda names each element and its line, and deploys nothing", async () => {
  await using place = await openPlace();
  const xml = diagram(
    `${node("startEvent", "Start")}
     ${node('serviceTask camunda:type="external"', "Check", "Check papers")}
     ${node("exclusiveGateway", "Ready", "Ready?")}
     ${node("endEvent", "End")}
     ${path("Start", "Check", "Ready")}
     <bpmn:sequenceFlow id="Ready_End" sourceRef="Ready" targetRef="End">
       <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${x}</bpmn:conditionExpression>
     </bpmn:sequenceFlow>`,
    { process: executable("Order", "Order intake") },
  );
  const [task, gateway, ...others] = refused(await place.deployer().deploy(request(xml), never));
  assert.deepEqual(task, {
    reason: "«Check papers» (Check): External tasks must specify a 'topic' attribute in the camunda namespace",
    elementId: "Check",
    elementName: "Check papers",
    line: 3,
  });
  assert.match(gateway?.reason ?? "", /^«Ready\?» \(Ready\): Exclusive Gateway 'Ready' has only one outgoing/);
  assert.deepEqual([gateway?.line, others], [4, []]);
  assert.equal(await place.deployer().deployedXml("Order", never), undefined);
});

Deno.test("an expression that Camunda cannot read is a refusal too, although it answers 500", async () => {
  await using place = await openPlace();
  const [problem] = refused(await place.deployer().deploy(request(order({ topic: "${x == }" })), never));
  assert.match(problem?.reason ?? "", /Camunda refuses the file: ENGINE-01009 Error while parsing/);
});

Deno.test("what Camunda would take without making a process of it is refused before it is asked", async () => {
  await using place = await openPlace();
  const deployer = place.deployer();
  const reasonOf = async (xml: string, fileName = "a.bpmn") =>
    refused(await deployer.deploy({ xml, name: "A", fileName }, never))[0]?.reason;
  const idle = order().replace('isExecutable="true"', 'isExecutable="false"');
  assert.match(await reasonOf(idle) ?? "", /no executable process/);
  assert.match(await reasonOf(order(), "a.xml") ?? "", /only of files named \*\.bpmn/);
  assert.match(await reasonOf("") ?? "", /empty/);
  assert.match(await reasonOf(order().slice(0, 300)) ?? "", /not well-formed/);
  assert.match(await reasonOf(`<html xmlns="http://www.w3.org/1999/xhtml"/>`) ?? "", /not BPMN/);
  assert.deepEqual(place.simulator.requestCounts(), {});
});

Deno.test("a copy of a diagram does not replace the process of the original unless told to", async () => {
  await using place = await openPlace();
  await place.deployer().deploy(request(order({ diagramId: "original" })), never);
  const copy = request(order({ diagramId: "copy" }));
  const [problem] = refused(await place.deployer().deploy(copy, never));
  assert.match(problem?.reason ?? "", /^«Order intake» \(Order\): Camunda's version 1 .* another diagram, original\./);
  const next = done(await place.deployer().deploy(request(order({ diagramId: "original", version: "2" })), never));
  assert.equal(next.definitions[0]?.version, 2);
  assert.equal(done(await place.deployer({ takeOver: true }).deploy(copy, never)).definitions[0]?.version, 3);
});

Deno.test("a deployment whose answer is lost is found, not made twice", async () => {
  await using place = await openPlace();
  for (const duplicateFiltering of [true, false]) {
    place.simulator.dropConnection("POST /deployment/create", { afterEffect: true });
    const key = `Order${duplicateFiltering}`;
    const deployer = place.deployer({ duplicateFiltering });
    const outcome = done(await deployer.deploy(request(order({ key }), key), never));
    assert.equal(outcome.kind, "deployed");
    if (duplicateFiltering) assert.equal(outcome.definitions[0]?.version, 1);
  }
});

Deno.test("a Camunda that stays away is tried as often as set, and the error says that it was no answer", async () => {
  await using place = await openPlace();
  place.simulator.failNext("GET /process-definition", { status: 503, body: "restarting" });
  place.simulator.failNext("POST /deployment/create", { status: 503, body: "restarting" }, 2);
  const outcome = await place.deployer({ attempts: 3 }).deploy(request(order()), never);
  assert.equal(outcome.kind, "deployed");
  place.simulator.failNext("GET /process-definition", { status: 503, body: "restarting" }, 2);
  await assert.rejects(place.deployer({ attempts: 2 }).deploy(request(order()), never), CamundaError);
});

Deno.test("refused credentials are told as such and not repeated", async () => {
  await using place = await openPlace();
  place.simulator.failNext("POST /deployment/create", { status: 401, body: "" });
  await assert.rejects(place.deployer().deploy(request(order()), never), /refused our credentials \(401\)/);
  assert.equal(place.simulator.requestCounts()["POST /deployment/create"], 1);
});

Deno.test("a failing database is no refusal of the file", async () => {
  await using place = await openPlace();
  const body = { type: "ProcessEngineException", message: "ENGINE-03004 Exception while executing Database", code: 0 };
  place.simulator.failNext("POST /deployment/create", { status: 500, body });
  await assert.rejects(place.deployer().deploy(request(order()), never), CamundaError);
});

Deno.test("an end that was asked for is no reason to try again", async () => {
  await using place = await openPlace();
  const stop = new AbortController();
  stop.abort(new Error("we are stopping"));
  await assert.rejects(place.deployer().deploy(request(order()), stop.signal), HttpError);
  assert.deepEqual(place.simulator.requestCounts(), {});
});

Deno.test("a task of the file that has another task's topic is deployed beside it", async () => {
  await using place = await openPlace();
  const xml = order().replace("<bpmn:endEvent", `${external("Call", "1c_create_document", "Book")}<bpmn:endEvent`);
  assert.deepEqual(done(await place.deployer().deploy(request(xml), never)).warnings, []);
});
