import assert from "node:assert/strict";
import { CamundaError } from "../../../lib/camunda/client.ts";
import { parseFaultsOf } from "../../../lib/camunda/parse_faults.ts";
import { bpmn, camundaFailure, clientFor, oneTask, startFakeCamunda } from "./camunda_fixture.ts";
import { openCamunda } from "./deploying.ts";

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
