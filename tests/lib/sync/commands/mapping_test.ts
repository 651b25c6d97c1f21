import assert from "node:assert/strict";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import { openSyncPlace, runCommand, type SyncPlace } from "./place.ts";

async function openPlace(): Promise<SyncPlace> {
  const place = await openSyncPlace({ empty: true });
  const steps = `${node("startEvent", "S")}${node("userTask", "T", "Check")}${node("endEvent", "E")}`;
  Deno.writeTextFileSync(place.path("order.bpmn"), diagram(`${steps}${path("S", "T", "E")}`));
  return place;
}

Deno.test("what the mapping file says of an element is in the converted file", async () => {
  await using place = await openPlace();
  Deno.writeTextFileSync(place.path("m.yaml"), "elements:\n  T: { topic: op_create_task, assignee: 17 }\n");
  const args = ["convert", "-o", "-", place.path("order.bpmn")];
  const { code, stdout } = await runCommand([...args, "--mapping", place.path("m.yaml")], {});
  assert.equal(code, 0);
  assert.match(stdout, /camunda:topic="op_create_task"[^]*name="assigneeId" value="17"/);
  const set = await runCommand(args, { SYNC_MAPPING_FILE: place.path("m.yaml") });
  assert.equal(set.stdout, stdout);
});

Deno.test("a faulty mapping file ends the command with 1, with each place, and nothing is written", async () => {
  await using place = await openPlace();
  Deno.writeTextFileSync(place.path("m.yaml"), "elements:\n  T: { topc: x }\nlane: {}\n");
  const { code, stdout, stderr } = await runCommand(
    ["convert", place.path("order.bpmn"), "--mapping", place.path("m.yaml")],
    {},
  );
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^.*m\.yaml:2:8: elements\.T: .*topic\?\n.*m\.yaml:3:1: .*lanes\?\n$/);
  assert.deepEqual(place.files(), ["m.yaml", "order.bpmn"]);
});
