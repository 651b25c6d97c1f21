import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import { openSyncPlace, runCommand, type SyncPlace } from "./place.ts";

const order = diagram(
  `${node("startEvent", "S")}${node("userTask", "T", "Check; &quot;papers&quot;")}` +
    `${node("callActivity", "C", "=HYPERLINK(&quot;http://evil&quot;)")}${path("S", "T", "C")}`,
);
const records = [
  { elementId: "T", assigneeEdgeId: 4, description: "<p>Look at <b>all</b></p><p>&quot;pages&quot;</p>" },
  { elementId: "T", assigneeEdgeId: 5, assigneeId: 17, assigneeName: "Buyer", duration: 900 },
];
const contract = drawnDiagrams.find(({ processKey }) => processKey === "Process_contract_approval");
assert.ok(contract);

async function openPlace(): Promise<SyncPlace> {
  const place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  Deno.writeTextFileSync(place.path("order_assignees.json"), JSON.stringify(records));
  return place;
}

Deno.test("analyze writes a table for Excel beside the file, in which no cell is a formula", async () => {
  await using place = await openPlace();
  const { code, stdout, stderr } = await runCommand(["analyze", place.path("order.bpmn")], {});
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^Wrote .*order_analysis\.csv: 2 elements\.\n$/);
  assert.equal(
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(Deno.readFileSync(place.path("order_analysis.csv"))),
    "\uFEFFelementId;elementType;elementName;assigneeEdgeId;description;assigneeName;assigneeId;duration\r\n" +
      'T;userTask;"Check; ""papers""";5;"Look at all ""pages""";Buyer;17;900\r\n' +
      `C;callActivity;"'=HYPERLINK(""http://evil"")";;;;;\r\n`,
  );
});

Deno.test("analyze --dry-run writes nothing, and -o - writes to standard output alone", async () => {
  await using place = await openPlace();
  const dry = await runCommand(["analyze", "--dry-run", place.path("order.bpmn")], {});
  assert.match(dry.stdout, /^Would write /);
  const out = await runCommand(["analyze", "-o", "-", place.path("order.bpmn")], {});
  assert.match(out.stdout, /^elementId;[^]*\nC;callActivity;.*\n$/);
  assert.deepEqual(place.files(), ["order.bpmn", "order_assignees.json"]);
});

Deno.test("analyze --json gives the rows of a diagram of StormBPMN", async () => {
  await using place = await openSyncPlace();
  const { code, stdout } = await place.run(["analyze", "--json", "-o", place.path("out/c.csv"), contract.id]);
  assert.equal(code, 0);
  const { ok, output, elements } = JSON.parse(stdout);
  assert.deepEqual([ok, output], [true, place.path("out/c.csv")]);
  assert.ok(elements.length > 2);
  assert.ok(
    elements.every(({ elementType }: { elementType: string }) => /Task$|^task$|Activity$|Process$/.test(elementType)),
  );
  assert.equal(Deno.readTextFileSync(place.path("out/c.csv")).trim().split("\r\n").length, elements.length + 1);
});

Deno.test("a table that cannot be written is told by its name", async () => {
  await using place = await openPlace();
  const output = place.path("order.bpmn/out.csv");
  const { code, stderr } = await runCommand(["analyze", place.path("order.bpmn"), "-o", output], {});
  assert.equal(code, 1);
  assert.ok(stderr.startsWith(`${output}: The file cannot be written`), stderr);
});
