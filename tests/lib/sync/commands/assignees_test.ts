import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import { openSyncPlace, runCommand } from "./place.ts";

const order = diagram(
  `${node("startEvent", "S")}${node("userTask", "T", "Check papers")}${node("userTask", "U", "Ship")}` +
    `${path("S", "T", "U")}`,
);
const records = [
  { elementId: "T", elementName: "Check the papers", assigneeEdgeId: 5, assigneeId: 17, assigneeName: "Buyer" },
  { elementId: "U", assigneeId: 17, assigneeName: "Buyer", assigneeType: "HUMAN", duration: 900 },
  { elementId: "U", assigneeId: 18, assigneeName: "Robot", assigneeType: "SYSTEM", description: "<p>by night</p>" },
];
const contract = drawnDiagrams.find(({ processKey }) => processKey === "Process_contract_approval");
assert.ok(contract);

Deno.test("assignees shows who does what, and how many elements each does", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  Deno.writeTextFileSync(place.path("order_assignees.json"), JSON.stringify(records));
  const { code, stdout, stderr } = await runCommand(["assignees", place.path("order.bpmn")], {});
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(
    stdout.replace(place.folder, ""),
    `ELEMENT  TYPE    ASSIGNEE    NAME
T        –       Buyer (17)  Check the papers
U        HUMAN   Buyer (17)  Ship
U        SYSTEM  Robot (18)  Ship
/order.bpmn: 3 assignments, 1 of people, 2 of systems or not said; 3 records in all.
  Buyer (17): 2 elements
  Robot (18): 1 element
`,
  );
});

Deno.test("assignees --json gives the records in the predecessor's shape", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  Deno.writeTextFileSync(place.path("r.json"), JSON.stringify(records));
  const args = ["assignees", place.path("order.bpmn"), "--assignees", place.path("r.json"), "--json"];
  assert.deepEqual(JSON.parse((await runCommand(args, {})).stdout), records);
});

Deno.test("assignees takes what the drawing itself says where there are no records", async () => {
  await using place = await openSyncPlace({ empty: true });
  const drawn = order.replace('id="T"', 'xmlns:storm="http://storm.bpmn2.ru/ns" storm:StormAssignee="17" id="T"');
  Deno.writeTextFileSync(place.path("order.bpmn"), drawn);
  const { stdout } = await runCommand(["assignees", place.path("order.bpmn"), "--json"], {});
  assert.deepEqual(JSON.parse(stdout), [{ elementId: "T", elementName: "Check papers", assigneeId: 17 }]);
});

Deno.test("assignees of a diagram come from StormBPMN", async () => {
  await using place = await openSyncPlace();
  const { code, stdout } = await place.run(["assignees", contract.id]);
  assert.equal(code, 0);
  assert.match(stdout, /^ELEMENT +TYPE +ASSIGNEE +NAME\nActivity_\w+ +.*150\d/);
  assert.match(stdout, /Согласование договора: \d+ assignments/);
});

Deno.test("what is no BPMN has no assignees, and is told by its name", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("bad.bpmn"), "<html/>");
  const { code, stdout, stderr } = await runCommand(["assignees", place.path("bad.bpmn")], {});
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /bad\.bpmn: The file cannot be read.*BPMN/);
});
