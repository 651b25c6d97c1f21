import assert from "node:assert/strict";
import { metadataOf, parseProcessMetadata } from "../../../lib/bpmn/metadata.ts";

const NAMESPACES =
  'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"';

/** The metadata of an activity in a process `P` with this content; `beside` stands next to the process. */
function metadataIn(content: string, activityId = "A", beside = "") {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
    <definitions ${NAMESPACES}>${beside}<process id="P">${content}</process></definitions>`;
  return metadataOf(parseProcessMetadata(xml), activityId, "P");
}

const extended = (inner: string) => `<extensionElements>${inner}</extensionElements>`;
const property = (name: string, value: string) =>
  extended(`<camunda:properties><camunda:property name="${name}" value="${value}"/></camunda:properties>`);
const boundary = (attachedTo: string, definition: string) =>
  `<boundaryEvent id="B_${attachedTo}_${definition.length}" attachedToRef="${attachedTo}">${definition}</boundaryEvent>`;
const errorEvent = (ref: string) => `<errorEventDefinition errorRef="${ref}"/>`;
const eventSubProcess = (id: string, definition: string, content = "") =>
  `<subProcess id="${id}" triggeredByEvent="true"><startEvent id="${id}_start">${definition}</startEvent>${content}</subProcess>`;

Deno.test("the metadata of an external task is what the predecessor sent, with loop and error catches on top", () => {
  const metadata = metadataIn(`
    ${property("diagramId", "12")}
    <serviceTask id="A" name="Make a thing" camunda:type="external" camunda:topic="bitrix_create_task">
      <extensionElements>
        <camunda:properties>
          <camunda:property name="assigneeId" value="7"/>
          <camunda:property name="UF_RESULT_EXPECTED" value="1"/>
        </camunda:properties>
        <camunda:inputOutput><camunda:inputParameter name="title">Do it</camunda:inputParameter></camunda:inputOutput>
      </extensionElements>
    </serviceTask>`);

  assert.deepEqual(metadata, {
    extensionProperties: { assigneeId: "7", UF_RESULT_EXPECTED: "1" },
    inputParameters: { title: "Do it" },
    activityInfo: { id: "A", name: "Make a thing", type: "external", topic: "bitrix_create_task" },
    errorCatches: [],
    processProperties: { diagramId: "12" },
  });
});

for (
  const kind of [
    "task",
    "serviceTask",
    "sendTask",
    "businessRuleTask",
    "scriptTask",
    "userTask",
    "manualTask",
    "receiveTask",
    "callActivity",
  ]
) {
  Deno.test(`a ${kind} inside two sub-processes has metadata`, () => {
    const task = `<${kind} id="A" name="N" camunda:type="external" camunda:topic="t">${property("k", "v")}</${kind}>`;
    const metadata = metadataIn(`<subProcess id="S1"><transaction id="S2">${task}</transaction></subProcess>`);
    assert.deepEqual(metadata.activityInfo, { id: "A", name: "N", type: "external", topic: "t" });
    assert.deepEqual(metadata.extensionProperties, { k: "v" });
  });
}

for (const kind of ["intermediateThrowEvent", "endEvent"]) {
  Deno.test(`a message ${kind} has type, topic and fields from its message definition`, () => {
    const metadata = metadataIn(`<${kind} id="A" name="Say">${property("k", "v")}
      <messageEventDefinition camunda:type="external" camunda:topic="t">
        ${extended('<camunda:field name="f" stringValue="x"/>')}
      </messageEventDefinition></${kind}>`);
    assert.deepEqual(metadata, {
      extensionProperties: { k: "v" },
      fieldInjections: { f: "x" },
      activityInfo: { id: "A", name: "Say", type: "external", topic: "t" },
      errorCatches: [],
      processProperties: {},
    });
  });
}

Deno.test("an end event that nobody outside handles has no activity metadata", () => {
  assert.deepEqual(metadataIn(`<endEvent id="A"><messageEventDefinition/></endEvent>`), { processProperties: {} });
});

Deno.test("properties of an activity do not leak into the properties of its process", () => {
  const metadata = metadataIn(`<serviceTask id="A">${property("assigneeId", "7")}</serviceTask>`);
  assert.deepEqual(metadata.processProperties, {});
});

Deno.test("each pool's activities get the properties of their own process", () => {
  const process = (id: string) => `<process id="${id}">${property("owner", id)}<serviceTask id="T_${id}"/></process>`;
  const parsed = parseProcessMetadata(`<definitions ${NAMESPACES}>${process("X")}${process("Y")}</definitions>`);
  assert.deepEqual(metadataOf(parsed, "T_X", "Y").processProperties, { owner: "X" });
  assert.deepEqual(metadataOf(parsed, "T_Y", "Y").processProperties, { owner: "Y" });
  assert.deepEqual(metadataOf(parsed, "unknown", "X"), { processProperties: { owner: "X" } });
  assert.deepEqual(metadataOf(parsed, "unknown", "Z"), { processProperties: {} });
});

Deno.test("lists, maps and scripts as parameters keep their structure and no white space", () => {
  const metadata = metadataIn(`<serviceTask id="A">${
    extended(`<camunda:inputOutput>
      <camunda:inputParameter name="list">
        <camunda:list>
          <camunda:value>a</camunda:value>
          <camunda:script scriptFormat="groovy">1 + 1</camunda:script>
        </camunda:list>
      </camunda:inputParameter>
      <camunda:inputParameter name="map">
        <camunda:map>
          <camunda:entry key="k">v</camunda:entry>
          <camunda:entry key="deep"><camunda:list><camunda:value>x</camunda:value></camunda:list></camunda:entry>
          <camunda:entry key="__proto__">own</camunda:entry>
        </camunda:map>
      </camunda:inputParameter>
      <camunda:inputParameter name="script"><camunda:script scriptFormat="js"><![CDATA[ a && b < c ]]></camunda:script></camunda:inputParameter>
      <camunda:inputParameter name="empty">
      </camunda:inputParameter>
      <camunda:outputParameter name="out"> \${result} </camunda:outputParameter>
    </camunda:inputOutput>`)
  }</serviceTask>`);
  assert.equal(
    JSON.stringify(metadata.inputParameters),
    '{"list":["a","1 + 1"],"map":{"k":"v","deep":["x"],"__proto__":"own"},"script":"a && b < c","empty":""}',
  );
  assert.deepEqual(metadata.outputParameters, { out: "${result}" });
});

Deno.test("fields are read as strings and as expressions, written as attributes or as elements", () => {
  const metadata = metadataIn(`<serviceTask id="A">${
    extended(`
      <camunda:field name="a" stringValue="1"/>
      <camunda:field name="b" expression="\${b}"/>
      <camunda:field name="c"><camunda:string>3</camunda:string></camunda:field>
      <camunda:field name="d"><camunda:expression>\${d}</camunda:expression></camunda:field>`)
  }</serviceTask>`);
  assert.deepEqual(metadata.fieldInjections, { a: "1", b: "${b}", c: "3", d: "${d}" });
});

Deno.test("a key is present when the model has an element for it, even one without a value", () => {
  const metadata = metadataIn(`<serviceTask id="A">${property("assigneeId", "")}</serviceTask>`);
  assert.deepEqual(metadata.extensionProperties, {});
  assert.equal("inputParameters" in metadata, false);
});

Deno.test("of equal names the last counts", () => {
  const metadata = metadataIn(`<serviceTask id="A">${
    extended(`<camunda:properties>
      <camunda:property name="k" value="first"/><camunda:property name="k" value="last"/></camunda:properties>`)
  }</serviceTask>`);
  assert.deepEqual(metadata.extensionProperties, { k: "last" });
});

Deno.test("a multi-instance activity says how it loops and keeps its loop's properties out of its own", () => {
  const metadata = metadataIn(`<serviceTask id="A">
    <multiInstanceLoopCharacteristics isSequential="true" camunda:collection="people" camunda:elementVariable="person">
      ${property("assigneeId", "99")}<loopCardinality>\${n}</loopCardinality>
    </multiInstanceLoopCharacteristics></serviceTask>`);
  assert.deepEqual(metadata.loop, {
    kind: "sequential",
    activityId: "A",
    collection: "people",
    elementVariable: "person",
    cardinality: "${n}",
  });
  assert.equal("extensionProperties" in metadata, false);
});

Deno.test("an activity in a multi-instance sub-process names the sub-process that loops", () => {
  const metadata = metadataIn(`<subProcess id="S"><multiInstanceLoopCharacteristics>
      <loopDataInputRef>people</loopDataInputRef><inputDataItem name="person"/>
    </multiInstanceLoopCharacteristics><subProcess id="Inner"><serviceTask id="A"/></subProcess></subProcess>`);
  assert.deepEqual(metadata.loop, {
    kind: "parallel",
    activityId: "S",
    collection: "people",
    elementVariable: "person",
  });
});

Deno.test("errors are caught by boundary events of the activity and of every sub-process around it", () => {
  const metadata = metadataIn(
    `<subProcess id="S1">
       <subProcess id="S2"><serviceTask id="A"/>${boundary("A", errorEvent("E1"))}</subProcess>
       ${boundary("S2", errorEvent("E2"))}
       <serviceTask id="Other"/>${boundary("Other", errorEvent("E4"))}
     </subProcess>${boundary("S1", errorEvent("E3"))}`,
    "A",
    '<error id="E1" errorCode="one"/><error id="E2" errorCode="two"/><error id="E3" errorCode="three"/><error id="E4" errorCode="four"/>',
  );
  assert.deepEqual(metadata.errorCatches, ["one", "two", "three"]);
});

Deno.test("errors are caught by event sub-processes of every scope, also of the process", () => {
  const metadata = metadataIn(
    `<subProcess id="S"><serviceTask id="A"/>${eventSubProcess("X", errorEvent("E1"))}</subProcess>
     ${eventSubProcess("Y", errorEvent("E2"))}`,
    "A",
    '<error id="E1" errorCode="one"/><error id="E2" errorCode="two"/>',
  );
  assert.deepEqual(metadata.errorCatches, ["one", "two"]);
});

Deno.test("an event sub-process does not catch what is thrown inside itself", () => {
  const metadata = metadataIn(
    eventSubProcess("X", errorEvent("E1"), '<serviceTask id="A"/>') + eventSubProcess("Y", errorEvent("E2")),
    "A",
    '<error id="E1" errorCode="one"/><error id="E2" errorCode="two"/>',
  );
  assert.deepEqual(metadata.errorCatches, ["two"]);
});

Deno.test("an error event without an error, or whose error has no code, catches everything", () => {
  assert.deepEqual(metadataIn(`<serviceTask id="A"/>${boundary("A", "<errorEventDefinition/>")}`).errorCatches, ["*"]);
  const withoutCode = metadataIn(`<serviceTask id="A"/>${boundary("A", errorEvent("E"))}`, "A", '<error id="E"/>');
  assert.deepEqual(withoutCode.errorCatches, ["*"]);
});

Deno.test("an error event that refers to no error element catches the reference itself", () => {
  assert.deepEqual(metadataIn(`<serviceTask id="A"/>${boundary("A", errorEvent("E_42"))}`).errorCatches, ["E_42"]);
});

Deno.test("a timer on the activity and an error definition that only throws are no catches", () => {
  const metadata = metadataIn(
    `<serviceTask id="A">${
      extended('<camunda:errorEventDefinition id="D" errorRef="E" expression="${true}"/>')
    }</serviceTask>${boundary("A", "<timerEventDefinition/>")}`,
  );
  assert.deepEqual(metadata.errorCatches, []);
});
