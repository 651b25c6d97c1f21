/** Pools, lanes, and what is only drawn to be read. */
import { flow, node, path } from "../../drawing.ts";
import { answer, type Construct, work } from "../construct.ts";
import { around, start, yesOrNo } from "./pieces.ts";

const pack = node("task", "X", "Pack");
const packed = { steps: work("X"), path: "S X E" };
const done = [packed];
const metadata = "<bpmn:documentation>How orders are taken</bpmn:documentation><bpmn:extensionElements>" +
  '<custom:diagram xmlns:custom="http://eg-holding.ru/bpmn/custom"><custom:id>7d0c</custom:id><custom:versionNumber>12</custom:versionNumber></custom:diagram>' +
  "</bpmn:extensionElements>";
const second = `<bpmn:process id="P2" isExecutable="false">${node("startEvent", "S2")}${node("task", "T2", "Bill")}${
  node("endEvent", "E2")
}${path("S2", "T2", "E2")}</bpmn:process>`;
const laneOf = (id: string, name: string, nodes: readonly string[], inner = "") =>
  `<bpmn:lane id="${id}" name="${name}">${
    nodes.map((node) => `<bpmn:flowNodeRef>${node}</bpmn:flowNodeRef>`).join("")
  }${inner}</bpmn:lane>`;

export const structure: readonly Construct[] = [
  {
    name: "pool",
    sketch: { content: around(pack) },
    subjects: ["Participant_1"],
    outcome: "mapped",
    runs: done,
  },
  {
    name: "no pool",
    sketch: { content: around(pack), pool: undefined },
    subjects: ["P"],
    outcome: "kept",
    runs: done,
  },
  {
    name: "pool that stands for others, and messages to it",
    sketch: {
      content: around(pack),
      inCollaboration:
        '<bpmn:participant id="Customer" name="Customer" /><bpmn:messageFlow id="MF" sourceRef="X" targetRef="Customer" />',
    },
    subjects: ["Customer", "MF"],
    outcome: "left out",
    runs: done,
  },
  {
    name: "two pools, and messages between them",
    sketch: {
      content: around(pack),
      beside: second,
      inCollaboration:
        '<bpmn:participant id="Participant_2" name="Accounting" processRef="P2" /><bpmn:messageFlow id="MF" sourceRef="X" targetRef="T2" />',
    },
    subjects: ["Participant_1", "Participant_2", "MF"],
    outcome: "lost",
    runs: [
      { ...packed, name: "one" },
      { name: "the other", start: { by: "hand", process: "P2", variables: {} }, steps: work("T2"), path: "S2 T2 E2" },
    ],
  },
  {
    name: "lanes in lanes, with a decision in them",
    sketch: {
      content: `<bpmn:laneSet id="LS">${
        laneOf("L1", "Office", [], `<bpmn:childLaneSet id="CL">${laneOf("L2", "Desk", ["S", "G"])}</bpmn:childLaneSet>`)
      }${laneOf("L3", "Store", ["A", "EA", "B", "EB"])}</bpmn:laneSet>${start}${
        node("exclusiveGateway", "G", "Papers complete?")
      }${flow("S", "G")}${yesOrNo("G")}`,
    },
    subjects: ["L1", "L2", "L3"],
    outcome: "kept",
    runs: [
      { name: "да", steps: [answer("Activity_ask_G", "ДА"), ...work("A")], path: "S Activity_ask_G G A EA" },
      { name: "нет", steps: [answer("Activity_ask_G", "НЕТ"), ...work("B")], path: "S Activity_ask_G G B EB" },
    ],
  },
  {
    name: "text annotations",
    sketch: {
      content: around(pack) +
        '<bpmn:textAnnotation id="N1"><bpmn:text>See the manual</bpmn:text></bpmn:textAnnotation>' +
        '<bpmn:textAnnotation id="N2"><bpmn:text>Draft</bpmn:text></bpmn:textAnnotation>' +
        '<bpmn:association id="As" sourceRef="X" targetRef="N1" />',
    },
    subjects: ["N1", "N2"],
    outcome: "mapped",
    runs: done,
  },
  {
    name: "group",
    sketch: { content: `${around(pack)}<bpmn:group id="Gr" />` },
    subjects: ["Gr"],
    outcome: "left out",
    runs: done,
  },
  {
    name: "documentation and foreign elements of a process",
    sketch: { content: metadata + around(pack) },
    subjects: ["P"],
    outcome: "kept",
    runs: done,
  },
  {
    name: "step that nothing leads to",
    sketch: { content: around(pack) + node("task", "U", "Forgotten") },
    subjects: ["U"],
    outcome: "lost",
    runs: done,
  },
  {
    name: "default flow that begins elsewhere",
    sketch: {
      content: start + node("task", "X", "Pack") + node('exclusiveGateway default="S_X"', "G", "Ready?") +
        path("S", "X", "G") +
        yesOrNo("G"),
    },
    subjects: ["G"],
    outcome: "mapped",
    runs: [
      { name: "да", steps: [answer("X", "ДА"), ...work("A")], path: "S X G A EA" },
      { name: "нет", steps: [answer("X", "НЕТ"), ...work("B")], path: "S X G B EB" },
    ],
  },
];
