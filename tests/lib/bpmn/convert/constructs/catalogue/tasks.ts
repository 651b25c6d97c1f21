/** Steps that somebody or something does. */
import { node, path } from "../../drawing.ts";
import { type Construct, instance, message, work } from "../construct.ts";
import { answerMessage, around, end, start } from "./pieces.ts";

/** One way: the task of `X` is done, and the process ends. */
const workOfX = [{ steps: work("X"), path: "S X E" }];
/** One way: the engine does it by itself. */
const byItself = [{ steps: [], path: "S X E" }];
const oneStep = { subjects: ["X"], runs: workOfX } as const;

const other = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
  <bpmn:process id="other" isExecutable="true" camunda:historyTimeToLive="1">
    <bpmn:startEvent id="S2" /><bpmn:sequenceFlow id="f1" sourceRef="S2" targetRef="C" />
    <bpmn:serviceTask id="C" camunda:type="external" camunda:topic="bitrix_create_task" />
    <bpmn:sequenceFlow id="f2" sourceRef="C" targetRef="E2" /><bpmn:endEvent id="E2" />
  </bpmn:process>
</bpmn:definitions>`;

const prices = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="d" namespace="t">
  <decision id="prices" name="Prices" camunda:historyTimeToLive="1"><variable id="v" name="price" />
    <literalExpression id="l" expressionLanguage="juel"><text>\${100}</text></literalExpression>
  </decision>
</definitions>`;

const LINK = JSON.stringify({ id: "d-1", name: "Delivery" }).replaceAll('"', "&quot;");

const instances = (inner: string, attributes = "") =>
  node(
    "userTask",
    "X",
    "Approve",
    `<bpmn:multiInstanceLoopCharacteristics${attributes}>${inner}</bpmn:multiInstanceLoopCharacteristics>`,
  );
const twice = '<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">2</bpmn:loopCardinality>';

export const tasks: readonly Construct[] = [
  {
    name: "task, user task, manual task",
    sketch: {
      content: start + node("task", "T1", "Pack") + node("userTask", "T2", "Check") +
        node("manualTask", "T3", "Carry") +
        end + path("S", "T1", "T2", "T3", "E"),
    },
    subjects: ["T1", "T2", "T3"],
    outcome: "mapped",
    runs: [{ steps: work("T1", "T2", "T3"), path: "S T1 T2 T3 E" }],
  },
  {
    ...oneStep,
    name: "user task with a form",
    sketch: {
      content: around(node(
        "userTask",
        "X",
        "Fill in",
        '<bpmn:extensionElements><camunda:formData><camunda:formField id="sum" type="string" /></camunda:formData></bpmn:extensionElements>',
      )),
    },
    outcome: "lost",
  },
  {
    ...oneStep,
    name: "documentation on a step",
    sketch: { content: around(node("task", "X", "Pack", "<bpmn:documentation>In a box</bpmn:documentation>")) },
    outcome: "mapped",
  },
  {
    ...oneStep,
    name: "service task",
    sketch: { content: around(node("serviceTask", "X", "Book")) },
    outcome: "mapped",
  },
  {
    ...oneStep,
    name: "service task that is an external task already",
    sketch: { content: around(node('serviceTask camunda:type="external" camunda:topic="1c_sync_data"', "X", "Book")) },
    outcome: "kept",
  },
  {
    name: "service task with an expression",
    sketch: { content: around(node('serviceTask camunda:expression="${1}"', "X", "Count")) },
    subjects: ["X"],
    outcome: "kept",
    runs: byItself,
  },
  {
    name: "script task with a script",
    sketch: {
      content: around(
        node(
          'scriptTask scriptFormat="juel" camunda:resultVariable="two"',
          "X",
          "Add",
          "<bpmn:script>${1 + 1}</bpmn:script>",
        ),
      ),
    },
    subjects: ["X"],
    outcome: "kept",
    runs: byItself,
  },
  {
    ...oneStep,
    name: "script task without a script",
    sketch: { content: around(node("scriptTask", "X", "Add")) },
    outcome: "mapped",
  },
  {
    ...oneStep,
    name: "business rule task",
    sketch: { content: around(node("businessRuleTask", "X", "Find the price")) },
    outcome: "mapped",
  },
  {
    name: "business rule task with a decision table",
    sketch: {
      content: around(
        node('businessRuleTask camunda:decisionRef="prices" camunda:resultVariable="price"', "X", "Find the price"),
      ),
    },
    beside: { "prices.dmn": prices },
    subjects: ["X"],
    outcome: "kept",
    runs: byItself,
  },
  { ...oneStep, name: "send task", sketch: { content: around(node("sendTask", "X", "Tell")) }, outcome: "mapped" },
  {
    name: "receive task with a named message",
    sketch: { content: around(node('receiveTask messageRef="M"', "X", "Answer")), beside: answerMessage },
    subjects: ["X"],
    outcome: "kept",
    runs: [{ steps: [message("answer")], path: "S X E" }],
  },
  {
    ...oneStep,
    name: "receive task without a message",
    sketch: { content: around(node("receiveTask", "X", "Answer")) },
    outcome: "mapped",
  },
  {
    name: "call activity that says which process it calls",
    sketch: { content: around(node('callActivity calledElement="other"', "X", "Deliver")) },
    beside: { "other.bpmn": other },
    subjects: ["X"],
    outcome: "kept",
    runs: [{ steps: work("C"), path: "S X E" }],
  },
  {
    name: "call activity that links to a diagram",
    sketch: { content: around(node(`callActivity storm:StormUrl="${LINK}"`, "X", "Deliver")) },
    beside: { "other.bpmn": other },
    options: { calledProcesses: new Map([["d-1", "other"]]) },
    subjects: ["X"],
    outcome: "mapped",
    runs: [{ steps: work("C"), path: "S X E" }],
  },
  {
    ...oneStep,
    name: "call activity that says nothing",
    sketch: { content: around(node("callActivity", "X", "Deliver")) },
    outcome: "lost",
  },
  {
    name: "multi-instance, so many times",
    sketch: { content: around(instances(twice)) },
    subjects: ["X"],
    outcome: "mapped",
    runs: [{ steps: [instance(1, "X"), instance(0, "X")], path: "S X#multiInstanceBody X X E" }],
  },
  {
    name: "multi-instance over a list, one after the other",
    sketch: {
      content: around(
        instances(
          "",
          ' isSequential="true" camunda:collection="${people.elements()}" camunda:elementVariable="person"',
        ),
      ),
    },
    subjects: ["X"],
    outcome: "mapped",
    runs: [{
      start: { by: "hand", variables: { people: { type: "Json", value: '["Ann","Bob"]' } } },
      steps: [instance(0, "X"), instance(1, "X")],
      path: "S X#multiInstanceBody X X E",
    }],
  },
  { ...oneStep, name: "multi-instance marker alone", sketch: { content: around(instances("")) }, outcome: "lost" },
  {
    ...oneStep,
    name: "loop marker (standard loop)",
    sketch: { content: around(node("task", "X", "Call again", "<bpmn:standardLoopCharacteristics />")) },
    outcome: "lost",
  },
  {
    ...oneStep,
    name: "data objects, stores and associations",
    sketch: {
      content: around(
        '<bpmn:dataObject id="O" /><bpmn:dataObjectReference id="D" name="Draft" dataObjectRef="O" />' +
          '<bpmn:dataStoreReference id="DS" name="Archive" />' +
          node(
            "task",
            "X",
            "Write",
            '<bpmn:property id="Pr" name="__targetRef_placeholder" />' +
              '<bpmn:dataInputAssociation id="DI"><bpmn:sourceRef>D</bpmn:sourceRef><bpmn:targetRef>Pr</bpmn:targetRef></bpmn:dataInputAssociation>' +
              '<bpmn:dataOutputAssociation id="DO"><bpmn:targetRef>DS</bpmn:targetRef></bpmn:dataOutputAssociation>',
          ),
      ),
    },
    outcome: "mapped",
  },
];
