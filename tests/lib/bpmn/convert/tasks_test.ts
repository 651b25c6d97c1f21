import assert from "node:assert/strict";
import { converted } from "./converting.ts";
import { diagram, node, path } from "./drawing.ts";

/** Start, the element `X`, end. */
const around = (element: string, beside = "") =>
  diagram(node("startEvent", "S") + element + node("endEvent", "E") + path("S", "X", "E"), { beside });

for (const kind of ["task", "userTask", "manualTask", "serviceTask", "scriptTask", "receiveTask"]) {
  Deno.test(`a ${kind} without an implementation becomes an external service task`, async () => {
    const { file, told } = await converted(around(node(kind, "X", "Do")));
    assert.equal(file.type("X"), "serviceTask");
    assert.equal(file.attribute("X", "type"), "external");
    assert.equal(file.attribute("X", "topic"), "bitrix_create_task");
    assert.equal(file.attribute("X", "name"), "Do");
    assert.ok(told.includes("mapped X"));
  });
}

for (const kind of ["sendTask", "businessRuleTask"]) {
  Deno.test(`a ${kind} without an implementation becomes external as what it is`, async () => {
    const { file } = await converted(around(node(kind, "X", "Do")), { topic: "op_create_task" });
    assert.equal(file.type("X"), kind);
    assert.equal(file.attribute("X", "topic"), "op_create_task");
  });
}

for (
  const [what, element] of [
    ["an external task with a topic", node('serviceTask camunda:type="external" camunda:topic="1c_sync_data"', "X")],
    ["a service task with an expression", node('serviceTask camunda:expression="${bean.run()}"', "X")],
    ["a business rule task with a decision", node('businessRuleTask camunda:decisionRef="prices"', "X")],
    [
      "a script task with a script",
      node('scriptTask scriptFormat="javascript"', "X", "Add", "<bpmn:script>1 &lt; 2</bpmn:script>"),
    ],
    ["a receive task with a named message", node('receiveTask messageRef="M"', "X")],
    ["a call activity that says what it calls", node('callActivity calledElement="other"', "X")],
  ] as const
) {
  Deno.test(`${what} stays as it is`, async () => {
    const { file, reasons } = await converted(around(element, '<bpmn:message id="M" name="answer" />'));
    assert.equal(file.type("X"), /<bpmn:(\w+)/.exec(element)?.[1]);
    assert.equal(file.attribute("X", "topic"), /topic="(\w+)"/.exec(element)?.[1]);
    assert.deepEqual(reasons("X"), []);
  });
}

Deno.test("an external task without a topic gets one: the engine refuses it otherwise", async () => {
  const { file } = await converted(around(node('serviceTask camunda:type="external"', "X")));
  assert.equal(file.attribute("X", "topic"), "bitrix_create_task");
});

Deno.test("a task keeps its documentation, data, multi-instance and extensions, in the order of the schema", async () => {
  const inner = `
    <bpmn:documentation>How</bpmn:documentation>
    <bpmn:extensionElements><camunda:properties><camunda:property name="k" value="v" /></camunda:properties></bpmn:extensionElements>
    <bpmn:property id="Pr" name="__targetRef_placeholder" />
    <bpmn:dataInputAssociation id="DA"><bpmn:sourceRef>D</bpmn:sourceRef><bpmn:targetRef>Pr</bpmn:targetRef></bpmn:dataInputAssociation>
    <bpmn:multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person" />`;
  const data = '<bpmn:dataObjectReference id="D" dataObjectRef="O" /><bpmn:dataObject id="O" />';
  const { file } = await converted(around(data + node('userTask camunda:assignee="kermit"', "X", "Do", inner)));
  assert.deepEqual(file.element("X").children.map(({ name }) => name), [
    "documentation",
    "extensionElements",
    "incoming",
    "outgoing",
    "property",
    "dataInputAssociation",
    "multiInstanceLoopCharacteristics",
  ]);
  assert.deepEqual(file.properties("X"), { k: "v" });
  assert.equal(file.attribute("X", "assignee"), "kermit");
});

Deno.test("a form on a user task is reported: nobody would see it", async () => {
  const form =
    '<bpmn:extensionElements><camunda:formData><camunda:formField id="f" /></camunda:formData></bpmn:extensionElements>';
  const { told } = await converted(around(node("userTask", "X", "Do", form)));
  assert.ok(told.includes("lost X"));
});

Deno.test("a call activity that says nothing becomes a task, which is a loss", async () => {
  const { file, told } = await converted(around(node("callActivity", "X", "Other")));
  assert.equal(file.type("X"), "serviceTask");
  assert.ok(told.includes("lost X"));
});

Deno.test("a call activity that links to a diagram with a known process calls it, with all variables", async () => {
  const url = JSON.stringify({ id: "d-1", name: "Other" }).replaceAll('"', "&quot;");
  const drawn = around(`<bpmn:callActivity id="X" name="Other" storm:StormUrl="${url}" />`);
  const { file } = await converted(drawn, { calledProcesses: new Map([["d-1", "Process_other"]]) });
  assert.equal(file.attribute("X", "calledElement"), "Process_other");
  const bindings = file.child("X", "extensionElements")?.children.map(({ name, attributes }) => [name, ...attributes]);
  assert.deepEqual(bindings, [
    ["in", ["businessKey", "#{execution.processBusinessKey}"]],
    ["in", ["variables", "all"]],
    ["out", ["variables", "all"]],
  ]);
});

Deno.test("a receive task after an event-based gateway becomes an event, since Camunda wants one there", async () => {
  const drawn = diagram(
    node("startEvent", "S") + node("eventBasedGateway", "G") + node('receiveTask messageRef="M"', "X", "Answer") +
      path("S", "G", "X"),
    { beside: '<bpmn:message id="M" name="answer" />' },
  );
  const { file } = await converted(drawn);
  assert.equal(file.type("X"), "intermediateCatchEvent");
  assert.equal(file.child("X", "messageEventDefinition")?.attributes.get("messageRef"), "M");
});
