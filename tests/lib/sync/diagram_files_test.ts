import assert from "node:assert/strict";
import { convertedPath, placeFor, stemOf } from "../../../lib/sync/diagram_files.ts";

const id = "6b547a8f-a78f-4375-b39e-59c4afd9388e";

Deno.test("a diagram's name becomes a file name that every system takes", () => {
  assert.equal(stemOf({ id, name: 'Order: "new" <1/2>' }), "Order_ _new_ _1_2_");
  assert.equal(stemOf({ id, name: "..\\..\\secret" }), "_.._secret");
  assert.equal(stemOf({ id, name: " .Заявка. " }), "Заявка");
  assert.equal(stemOf({ id, name: "two\nlines" }), "two_lines");
});

Deno.test("a diagram without a name is called by its id", () => {
  assert.equal(stemOf({ id, name: "" }), id);
  assert.equal(stemOf({ id, name: " . " }), id);
});

Deno.test("a long name is cut in bytes, between characters", () => {
  const stem = stemOf({ id, name: "Ж".repeat(300) });
  assert.equal(stem, "Ж".repeat(90));
  assert.equal(stemOf({ id, name: `a${"Ж".repeat(300)}` }), `a${"Ж".repeat(89)}`);
});

Deno.test("a converted file stands beside its source", () => {
  assert.equal(convertedPath("bpmn/order.bpmn"), "bpmn/camunda_order.bpmn");
  assert.equal(convertedPath("order.bpmn20.xml"), "camunda_order.bpmn");
});

Deno.test("neither a name nor an id leads out of the folder", async () => {
  const evil = { id: "../../etc/passwd", name: "Order" };
  const taken = new Set(["bpmn/Order.bpmn"]);
  const { bpmn } = await placeFor(evil, "bpmn", taken, new AbortController().signal);
  assert.equal(bpmn, "bpmn/Order (_.._etc_passwd).bpmn");
  assert.equal(stemOf({ ...evil, name: "" }), "_.._etc_passwd");
  assert.equal(stemOf({ id: "..", name: ".." }), "diagram");
});
