import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { openSyncPlace } from "./place.ts";

const [contract] = drawnDiagrams;
assert.ok(contract);

Deno.test("pull writes the drawing as it is, its records and its version", async () => {
  await using place = await openSyncPlace();
  const { code, stdout } = await place.run(["pull", contract.id, "-o", place.folder]);
  assert.equal(code, 0);
  assert.equal(stdout, `${place.path(`${contract.name}.bpmn`)}\n1 diagram written.\n`);
  const read = (suffix: string) => Deno.readTextFileSync(place.path(`${contract.name}${suffix}`));
  assert.equal(read(".bpmn"), contract.xml);
  assert.equal(JSON.parse(read("_assignees.json")).length, contract.assignees.length);
  assert.partialDeepStrictEqual(JSON.parse(read("_diagram.json")), { id: contract.id, versionNumber: 1 });
});

Deno.test("pull without ids takes those that the settings choose, from the options what they say", async () => {
  await using place = await openSyncPlace();
  const { stdout } = await place.run(["pull", "--json", "-o", place.folder]);
  assert.equal(JSON.parse(stdout).diagrams.length, 7, "all that are DONE or IN_PROGRESS and not excluded");
  const news = await place.run(["pull", "--json", "--status", "NEW", "--dry-run", "-o", place.path("new")]);
  assert.equal(JSON.parse(news.stdout).diagrams.length, 3);
});

Deno.test("pull --dry-run writes nothing", async () => {
  await using place = await openSyncPlace();
  const { code, stdout } = await place.run(["pull", contract.id, "--dry-run", "-o", place.path("out")]);
  assert.equal(code, 0);
  assert.match(stdout, /^would write .*\.bpmn\n1 diagram would be written\.\n$/);
  assert.deepEqual(place.files(), []);
});

Deno.test("diagrams with one name do not overwrite each other, now or later", async () => {
  await using place = await openSyncPlace({ empty: true });
  const first = place.storm.diagrams.add({ name: "Order: 1/2", xml: "<first/>" });
  const second = place.storm.diagrams.add({ name: "Order: 1/2", xml: "<second/>" });
  const expected = [`Order_ 1_2 (${second}).bpmn`, "Order_ 1_2.bpmn"];
  const drawings = () => place.files().filter((name) => name.endsWith(".bpmn"));
  await place.run(["pull", first, "-o", place.folder]);
  await place.run(["pull", second, "-o", place.folder]);
  assert.deepEqual(drawings(), expected);
  await place.run(["pull", "-o", place.folder]);
  assert.deepEqual(drawings(), expected);
  assert.equal(Deno.readTextFileSync(place.path("Order_ 1_2.bpmn")), "<first/>");
});

Deno.test("a diagram that is gone does not keep the others from being pulled", async () => {
  await using place = await openSyncPlace();
  const gone = "00000000-0000-4000-8000-000000000999";
  const { code, stdout, stderr } = await place.run(["pull", gone, contract.id, "-o", place.folder]);
  assert.equal(code, 1);
  assert.match(stdout, /1 diagram written/);
  assert.match(stderr, new RegExp(`^${gone}: StormBPMN answered 404`));
});

Deno.test("what is no id is refused before StormBPMN is asked", async () => {
  await using place = await openSyncPlace();
  const { code, stderr } = await place.run(["pull", "order.bpmn"]);
  assert.deepEqual([code, stderr], [1, '"order.bpmn" is no diagram id; `exchanger-sync list` shows them.\n']);
  assert.deepEqual(place.storm.requests, []);
});
