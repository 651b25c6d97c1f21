import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { openSyncPlace, runCommand } from "./place.ts";

const tender = drawnDiagrams.find(({ processKey }) => processKey === "Process_tender");
const contract = drawnDiagrams.find(({ processKey }) => processKey === "Process_contract_approval");
assert.ok(tender && contract);

Deno.test("lint tells what would be lost by element, and passes", async () => {
  await using place = await openSyncPlace();
  Deno.writeTextFileSync(place.path("tender.bpmn"), tender.xml);
  const { code, stdout, stderr } = await runCommand(["lint", place.path("tender.bpmn")], {});
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /tender\.bpmn: 4 elements would be lost\n/);
  assert.match(stdout, /lost +«Изучение предложений» AdHocSubProcess Activity_study: Camunda has no ad-hoc/);
  assert.doesNotMatch(stdout, /mapped/);
  assert.match((await runCommand(["lint", "--all", place.path("tender.bpmn")], {})).stdout, /mapped/);
  assert.deepEqual(place.files(), ["tender.bpmn"]);
});

Deno.test("lint --strict ends with 1 when something would be lost", async () => {
  await using place = await openSyncPlace();
  const { code, stdout } = await place.run(["lint", "--strict", "--json", tender.id, contract.id]);
  assert.equal(code, 1);
  const { ok, sources } = JSON.parse(stdout);
  assert.equal(ok, false);
  assert.deepEqual(sources.map((source: { ok: boolean }) => source.ok), [false, true]);
  assert.equal((await place.run(["lint", "--strict", contract.id])).code, 0);
});

Deno.test("lint tells of each file that cannot be converted, and goes on", async () => {
  await using place = await openSyncPlace();
  Deno.writeTextFileSync(place.path("bad.bpmn"), "<html/>");
  Deno.writeTextFileSync(place.path("good.bpmn"), contract.xml);
  const names = ["bad.bpmn", "missing.bpmn", "good.bpmn"].map(place.path);
  const { code, stdout, stderr } = await place.run(["lint", ...names]);
  assert.equal(code, 1);
  assert.equal(stderr.split("\n").length, 3);
  assert.match(stderr, /bad\.bpmn:1: The file is not BPMN[^]*missing\.bpmn: There is no such file\.\n/);
  assert.match(stdout, /good\.bpmn: nothing would be lost\n3 diagrams, 2 not good\.\n$/);
});
