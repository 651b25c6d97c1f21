import assert from "node:assert/strict";
import { converted } from "./converting.ts";
import { diagram, file, node, path } from "./drawing.ts";

const steps = (suffix: string) =>
  node("startEvent", `S${suffix}`) + node("task", `T${suffix}`, "Do") + path(`S${suffix}`, `T${suffix}`);
const pool = (id: string, name: string, process?: string) =>
  `<bpmn:participant id="${id}" name="${name}"${process === undefined ? "" : ` processRef="${process}"`} />`;

Deno.test("a process without a pool is executable too", async () => {
  const { file } = await converted(diagram(steps("")));
  assert.equal(file.attribute("P", "isExecutable"), "true");
  assert.equal(file.attribute("P", "name"), "Автоматически сконвертированный процесс");
});

Deno.test("a process is named after its pool and keeps its id; the collaboration goes", async () => {
  const beside = `<bpmn:collaboration id="C">${pool("Pool", "Order&#10;  intake", "P")}</bpmn:collaboration>`;
  const { file, told } = await converted(diagram(steps(""), { beside, process: 'id="P" name="old"' }));
  assert.equal(file.attribute("P", "name"), "Order intake");
  assert.equal(file.has("C"), false);
  assert.deepEqual(told.slice(0, 1), ["mapped Pool"]);
});

Deno.test("each of several pools becomes executable; messages between them are reported as lost", async () => {
  const { file: out, report } = await converted(file(`
    <bpmn:collaboration id="C">${pool("A", "First", "P1")}${pool("B", "Second", "P2")}${pool("X", "Customer")}
      <bpmn:messageFlow id="M1" sourceRef="T1" targetRef="T2" /><bpmn:messageFlow id="M2" sourceRef="T1" targetRef="X" />
    </bpmn:collaboration>
    <bpmn:process id="P1">${steps("1")}</bpmn:process><bpmn:process id="P2">${steps("2")}</bpmn:process>`));
  assert.deepEqual(["P1", "P2"].map((id) => out.attribute(id, "isExecutable")), ["true", "true"]);
  assert.deepEqual(
    report.filter(({ rule }) => rule === "pools").map(({ kind, elementId }) => [kind, elementId]),
    [["mapped", "A"], ["mapped", "B"], ["left_out", "X"], ["lost", "M1"], ["left_out", "M2"]],
  );
});

Deno.test("an empty pool beside one with content stays, not executable", async () => {
  const { file: out, told } = await converted(
    file(`<bpmn:process id="P1">${steps("1")}</bpmn:process><bpmn:process id="P2" />`),
  );
  assert.equal(out.attribute("P2", "isExecutable"), "false");
  assert.ok(told.includes("left_out P2"));
});

Deno.test("what the process says about its history counts", async () => {
  const { file } = await converted(diagram(steps(""), { process: 'id="P" camunda:historyTimeToLive="P30D"' }));
  assert.equal(file.attribute("P", "historyTimeToLive"), "P30D");
  const other = await converted(diagram(steps("")), { historyTimeToLiveDays: 30 });
  assert.equal(other.file.attribute("P", "historyTimeToLive"), "30");
});

Deno.test("lanes keep their steps and get the question task of a gateway in them", async () => {
  const lanes =
    `<bpmn:laneSet id="LS"><bpmn:lane id="L1" name="Office"><bpmn:childLaneSet id="CL"><bpmn:lane id="L2" name="Desk">
    <bpmn:flowNodeRef>S</bpmn:flowNodeRef><bpmn:flowNodeRef>G</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>`;
  const drawn = lanes + node("startEvent", "S") + node("exclusiveGateway", "G", "Urgent?") + node("task", "A") +
    node("task", "B") +
    path("S", "G") +
    '<bpmn:sequenceFlow id="f1" name="да" sourceRef="G" targetRef="A" /><bpmn:sequenceFlow id="f2" name="нет" sourceRef="G" targetRef="B" />';
  const { file } = await converted(diagram(drawn));
  const steps = file.element("L2").children.map(({ text }) => text);
  assert.deepEqual(steps, ["S", "G", "Activity_ask_G"]);
});

Deno.test("annotations become documentation of what they are attached to, else of the process", async () => {
  const drawn = steps("") +
    '<bpmn:textAnnotation id="N1"><bpmn:text>See the manual</bpmn:text></bpmn:textAnnotation>' +
    '<bpmn:textAnnotation id="N2"><bpmn:text>Draft</bpmn:text></bpmn:textAnnotation>' +
    '<bpmn:association id="A1" sourceRef="T" targetRef="N1" /><bpmn:group id="Gr" />';
  const { file, told } = await converted(diagram(drawn));
  assert.equal(file.child("T", "documentation")?.text, "See the manual");
  assert.equal(file.child("P", "documentation")?.text, "Draft");
  assert.deepEqual(["N1", "N2", "A1", "Gr"].filter((id) => file.has(id)), []);
  assert.ok(told.includes("mapped N1") && told.includes("left_out Gr"));
});

Deno.test("the association of a compensation event with its handler stays: the engine reads it", async () => {
  const drawn = steps("") + node('boundaryEvent attachedToRef="T"', "B", "Undo", "<bpmn:compensateEventDefinition />") +
    node('task isForCompensation="true"', "H", "Undo it") +
    '<bpmn:association id="A1" associationDirection="One" sourceRef="B" targetRef="H" />';
  const { file, told } = await converted(diagram(drawn));
  assert.equal(file.attribute("A1", "targetRef"), "H");
  assert.equal(file.attribute("H", "isForCompensation"), "true");
  assert.equal(told.includes("lost H"), false);
});
