import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import { openSyncPlace, runCommand } from "./place.ts";

const drawing = (name: string, more = "") =>
  diagram(
    `${node("startEvent", "S")}${node("userTask", "T", name)}${more}${node("endEvent", "E")}` +
      (more === "" ? path("S", "T", "E") : path("S", "T", "U", "E")),
  );
const contract = drawnDiagrams.find(({ processKey }) => processKey === "Process_contract_approval");
assert.ok(contract);

Deno.test("diff of two files tells of elements, needs no settings, and ends with 1 only when asked to", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("old.bpmn"), drawing("Check"));
  Deno.writeTextFileSync(place.path("new.bpmn"), drawing("Check papers", node("userTask", "U", "Ship")));
  const files = [place.path("old.bpmn"), place.path("new.bpmn")];
  const { code, stdout, stderr } = await runCommand(["diff", ...files], {});
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /old\.bpmn → .*new\.bpmn\n3 added, 1 removed, 1 changed\n/);
  assert.match(stdout, /\+ UserTask «Ship» \(U\)/);
  assert.match(stdout, /name: Check → Check papers/);
  assert.equal((await runCommand(["diff", "--exit-code", ...files], {})).code, 1);
  const same = await runCommand(["diff", "--exit-code", "--json", ...files.slice(0, 1), ...files.slice(0, 1)], {});
  assert.deepEqual([same.code, JSON.parse(same.stdout).same], [0, true]);
});

Deno.test("diff --converted compares both as Camunda gets them", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("a.bpmn"), drawing("Check"));
  await runCommand(["convert", place.path("a.bpmn")], {});
  const files = [place.path("a.bpmn"), place.path("camunda_a.bpmn")];
  assert.equal((await runCommand(["diff", "--exit-code", ...files], {})).code, 1);
  const { code, stdout } = await runCommand(["diff", "--exit-code", "--converted", ...files], {});
  assert.deepEqual([code, stdout.split("\n").at(1)], [0, "No differences."]);
});

Deno.test("diff of one says what deploying it would change", async () => {
  await using place = await openSyncPlace();
  const before = await place.run(["diff", "--json", "--exit-code", contract.id]);
  assert.equal(before.code, 1);
  assert.deepEqual(JSON.parse(before.stdout).processes, [{ key: contract.processKey }]);
  assert.match((await place.run(["diff", contract.id])).stdout, /^Process_contract_approval: not deployed\n$/);
  assert.equal((await place.run(["deploy", contract.id])).code, 0);
  const same = await place.run(["diff", "--exit-code", contract.id]);
  assert.deepEqual([same.code, same.stderr], [0, ""]);
  assert.equal(same.stdout, "Process_contract_approval: deployed is version 1\nNo differences.\n");
});

Deno.test("diff of one names what is drawn otherwise than deployed", async () => {
  await using place = await openSyncPlace({ empty: true });
  const file = place.path("order.bpmn");
  Deno.writeTextFileSync(file, drawing("Check"));
  await place.run(["convert", file]);
  assert.equal((await place.run(["deploy", place.path("camunda_order.bpmn")])).code, 0);
  Deno.writeTextFileSync(file, drawing("Check papers"));
  const { code, stdout } = await place.run(["diff", "--json", file]);
  assert.equal(code, 0);
  const { same, added, removed, changed, processes } = JSON.parse(stdout);
  assert.deepEqual([same, added, removed, changed.length], [false, [], [], 1]);
  assert.deepEqual([changed[0].id, changed[0].changes[0].before, changed[0].changes[0].after], [
    "T",
    "Check",
    "Check papers",
  ]);
  assert.equal(processes[0].deployed.version, 1);
});

Deno.test("diff of one needs to know where Camunda is, and of a file nothing else", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), drawing("Check"));
  const { code, stderr } = await runCommand(["diff", place.path("order.bpmn")], {});
  assert.equal(code, 3);
  assert.match(stderr, /CAMUNDA_BASE_URL/);
});

Deno.test("a file that cannot be compared is told by its name", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("good.bpmn"), drawing("Check"));
  Deno.writeTextFileSync(place.path("bad.bpmn"), "<html/>");
  const { code, stderr } = await runCommand(["diff", place.path("good.bpmn"), place.path("bad.bpmn")], {});
  assert.equal(code, 1);
  assert.match(stderr, /bad\.bpmn: The second file cannot be compared/);
});
