import assert from "node:assert/strict";
import { changeOf, deployedFacts } from "../../../lib/sync/deployed_facts.ts";
import { convert } from "../../../lib/bpmn/convert/convert.ts";
import { diagram, file, node, path } from "../bpmn/convert/drawing.ts";

const facts = { id: "d-1", version: "12", updatedOn: "2030-01-31T08:00:00" };

Deno.test("what the conversion notes in a process is read back from it", async () => {
  const drawn = diagram(`${node("startEvent", "S")}${node("task", "T")}${node("endEvent", "E")}${path("S", "T", "E")}`);
  const converted = await convert(drawn, { diagram: facts });
  assert.ok(converted.kind === "converted");
  assert.deepEqual(deployedFacts(converted.xml, "P"), facts);
  assert.equal(deployedFacts(converted.xml, "Other"), undefined);
});

Deno.test("a process that says nothing of a diagram has no facts", () => {
  assert.equal(deployedFacts(diagram(""), "P"), undefined);
  assert.equal(deployedFacts(file('<bpmn:process id="P"/><!-- stormDiagramId -->'), "P"), undefined);
});

Deno.test("a drawing of another version is redrawn, one of another time only touched", () => {
  assert.equal(changeOf(facts, facts), "none");
  assert.equal(changeOf({ ...facts, version: "13" }, facts), "redrawn");
  assert.equal(changeOf({ ...facts, updatedOn: "2030-02-01T08:00:00" }, facts), "touched");
  assert.equal(changeOf(facts, undefined), "redrawn");
  assert.equal(changeOf(facts, { ...facts, id: "d-2" }), "redrawn");
});

Deno.test("where StormBPMN gives no version, another time counts as another drawing", () => {
  const unversioned = { ...facts, version: "" };
  assert.equal(changeOf(unversioned, unversioned), "none");
  assert.equal(changeOf({ ...unversioned, updatedOn: "2030-02-01T08:00:00" }, unversioned), "redrawn");
});
