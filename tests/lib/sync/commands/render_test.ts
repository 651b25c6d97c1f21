import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { openSyncPlace, runCommand } from "./place.ts";

const contract = drawnDiagrams.find(({ processKey }) => processKey === "Process_contract_approval");
assert.ok(contract);
const PNG = [0x89, 0x50, 0x4e, 0x47];

Deno.test("render draws a file as SVG beside it, or as PNG where the name says so", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("c.bpmn"), contract.xml);
  const svg = await runCommand(["render", place.path("c.bpmn")], {});
  assert.deepEqual([svg.code, svg.stderr], [0, ""]);
  assert.match(svg.stdout, /^Wrote .*c\.svg\.\n$/);
  assert.match(Deno.readTextFileSync(place.path("c.svg")), /^<svg [^]*<\/svg>\n$/);
  const png = await runCommand(["render", place.path("c.bpmn"), "-o", place.path("c.PNG")], {});
  assert.equal(png.code, 0);
  assert.deepEqual([...Deno.readFileSync(place.path("c.PNG")).subarray(0, 4)], PNG);
  assert.deepEqual(place.files(), ["c.PNG", "c.bpmn", "c.svg"]);
});

Deno.test("render --converted draws what would be deployed, which has no pools", async () => {
  await using place = await openSyncPlace();
  const drawn = await place.run(["render", contract.id, "-o", "-"]);
  const converted = await place.run(["render", contract.id, "--converted", "-o", "-"]);
  assert.deepEqual([drawn.code, converted.code, converted.stderr], [0, 0, ""]);
  for (const { stdout } of [drawn, converted]) assert.match(stdout, /^<svg [^]*<\/svg>\n$/);
  assert.notEqual(drawn.stdout, converted.stdout);
});

Deno.test("a picture alone takes one request of StormBPMN's few", async () => {
  await using place = await openSyncPlace();
  await place.run(["render", contract.id, "-o", "-"]);
  assert.equal(place.storm.requests.length, 1);
});

Deno.test("render --dry-run writes nothing, and --json says what it made", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("c.bpmn"), contract.xml);
  const { code, stdout } = await runCommand(["render", "--dry-run", "--json", place.path("c.bpmn")], {});
  const source = place.path("c.bpmn");
  assert.deepEqual([code, JSON.parse(stdout)], [0, {
    ok: true,
    source,
    dryRun: true,
    output: place.path("c.svg"),
    format: "svg",
  }]);
  assert.deepEqual(place.files(), ["c.bpmn"]);
});

Deno.test("what cannot be drawn is told by its name, and leaves no file", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("bad.bpmn"), "<html/>");
  const bad = await runCommand(["render", place.path("bad.bpmn")], {});
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /bad\.bpmn: The file cannot be drawn/);
  const out = await runCommand(["render", place.path("bad.bpmn"), "--format", "png", "-o", "-"], {});
  assert.deepEqual([out.code, out.stderr], [1, "A PNG does not go to standard output: name a file with -o.\n"]);
  const two = await runCommand(["render", place.path("bad.bpmn"), "--format", "png", "-o", "x.svg"], {});
  assert.match(two.stderr, /named \*\.svg, but --format says png/);
  assert.deepEqual(place.files(), ["bad.bpmn"]);
});
