import assert from "node:assert/strict";
import { drawnRecords } from "../../../lib/stormbpmn/drawn_records.ts";
import { DRAWING } from "./storm_place.ts";

Deno.test("a drawing's own attributes become records, in its order and at any depth", () => {
  const [check, inner, ...more] = drawnRecords(DRAWING);
  assert.deepEqual(
    [check?.elementId, check?.elementName, check?.assigneeId, check?.assigneeEdgeId, check?.assigneeName],
    ["Activity_check", "Check papers", "4711", "12", undefined],
  );
  assert.equal(check?.description, "<p>ЧЕКЛИСТ: Docs</p><ul><li>Invoice</li></ul>");
  assert.deepEqual([inner?.elementId, inner?.description], ["Activity_inner", "<p>inside</p>"]);
  assert.deepEqual(more, []);
});

Deno.test("the word null, nothing, and attributes of another namespace say nothing", () => {
  const drawing = (attributes: string) =>
    `<d xmlns:storm="http://storm.bpmn2.ru/ns" xmlns:other="urn:other"><task id="T" ${attributes}/></d>`;
  assert.deepEqual(drawnRecords(drawing('storm:StormAssignee="null" storm:HTMLDescription=" "')), []);
  assert.deepEqual(drawnRecords(drawing('other:StormAssignee="1" StormAssignee="2"')), []);
  assert.equal(drawnRecords(drawing('storm:StormAssignee="3"'))[0]?.assigneeId, "3");
});

Deno.test("a text that is no XML has none, since whoever converts it says what is wrong", () => {
  assert.deepEqual(drawnRecords(`${DRAWING.slice(0, 400)}`), []);
  assert.deepEqual(drawnRecords("http://storm.bpmn2.ru/ns"), []);
});
