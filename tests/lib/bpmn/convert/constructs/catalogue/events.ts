/** Events between steps. */
import { definition, flow, node, path, timer } from "../../drawing.ts";
import { type Construct, message, set, signal, timerFires, work } from "../construct.ts";
import { answerMessage, around, byMessage, bySignal, end, expression, goSignal, start } from "./pieces.ts";

const caught = (name: string, inner = "") => node("intermediateCatchEvent", "X", name, inner);
const thrown = (name: string, inner = "") => node("intermediateThrowEvent", "X", name, inner);
const paid = expression("condition", '${execution.getVariable("paid") == true}');

const onX = { subjects: ["X"] } as const;
const passed = [{ steps: [], path: "S X E" }];
const byHand = [{ steps: work("X"), path: "S X E" }];
const goesOff = [{ steps: [timerFires("X")], path: "S X E" }];

/** Two branches: in one `C` waits for a signal, in the other it is thrown. */
const signalled = (inner: string) =>
  start + node("parallelGateway", "F") + node("intermediateCatchEvent", "C", "go", bySignal("Si")) +
  node("task", "T", "Pack") + thrown("go", inner) + end + node("endEvent", "E2") + path("S", "F", "C", "E2") +
  path("F", "T", "X", "E");

export const events: readonly Construct[] = [
  {
    ...onX,
    name: "timer",
    sketch: { content: around(caught("Three days", timer("P3D"))) },
    outcome: "kept",
    runs: goesOff,
  },
  {
    ...onX,
    name: "timer whose name says when",
    sketch: { content: around(caught("через 3 дня", definition("timer"))) },
    outcome: "mapped",
    runs: goesOff,
  },
  {
    ...onX,
    name: "timer without a time",
    sketch: { content: around(caught("Wait", definition("timer"))) },
    outcome: "lost",
    runs: byHand,
  },
  {
    ...onX,
    name: "timer in a lane",
    sketch: {
      content: '<bpmn:laneSet id="LS"><bpmn:lane id="L1" name="Office"><bpmn:flowNodeRef>S</bpmn:flowNodeRef>' +
        '<bpmn:flowNodeRef>X</bpmn:flowNodeRef></bpmn:lane><bpmn:lane id="L2" name="Store"><bpmn:flowNodeRef>E</bpmn:flowNodeRef>' +
        `</bpmn:lane></bpmn:laneSet>${around(caught("Three days", timer("P3D")))}`,
    },
    outcome: "kept",
    runs: goesOff,
  },
  {
    ...onX,
    name: "timer in a picture with coordinates off whole pixels",
    sketch: { content: around(caught("Three days", timer("P3D"))), shift: 0.5 },
    outcome: "kept",
    runs: goesOff,
  },
  {
    ...onX,
    name: "message with a name",
    sketch: { content: around(caught("Answer", byMessage("M"))), beside: answerMessage },
    outcome: "kept",
    runs: [{ steps: [message("answer")], path: "S X E" }],
  },
  {
    ...onX,
    name: "message without a name",
    sketch: { content: around(caught("Answer came", byMessage())) },
    outcome: "mapped",
    runs: byHand,
  },
  {
    ...onX,
    name: "message that is sent",
    sketch: { content: around(thrown("Tell the customer", byMessage())) },
    outcome: "mapped",
    runs: byHand,
  },
  {
    ...onX,
    name: "signal that is awaited",
    sketch: { content: around(caught("go", bySignal("Si"))), beside: goSignal },
    outcome: "kept",
    runs: [{ steps: [signal("go")], path: "S X E" }],
  },
  {
    ...onX,
    name: "signal that is sent",
    sketch: { content: signalled(bySignal("Si")), beside: goSignal },
    outcome: "kept",
    runs: [{ steps: work("T"), path: "S F C E2 T X E" }],
  },
  {
    ...onX,
    name: "signal that is sent, without a name",
    sketch: { content: signalled("<bpmn:signalEventDefinition />"), beside: goSignal },
    outcome: "mapped",
    runs: [{ steps: work("T"), path: "S F C E2 T X E" }],
  },
  {
    ...onX,
    name: "condition",
    sketch: { content: around(caught("Paid", definition("conditional", paid))) },
    outcome: "kept",
    runs: [{ steps: [set({ paid: { type: "Boolean", value: true } })], path: "S X E" }],
  },
  {
    ...onX,
    name: "condition in words",
    sketch: { content: around(caught("Paid", definition("conditional", expression("condition", "it is paid")))) },
    outcome: "lost",
    runs: byHand,
  },
  {
    ...onX,
    name: "milestone (throwing, without a cause)",
    sketch: { content: around(thrown("Half way")) },
    outcome: "kept",
    runs: passed,
  },
  {
    ...onX,
    name: "catching event without a cause",
    sketch: { content: around(caught("Half way")) },
    outcome: "mapped",
    runs: passed,
  },
  {
    ...onX,
    name: "several causes",
    sketch: { content: around(caught("Whichever", timer("PT1H") + byMessage("M"))), beside: answerMessage },
    outcome: "lost",
    runs: goesOff,
  },
  {
    name: "link events",
    sketch: {
      content: start + thrown("Further", definition("link")) +
        node("intermediateCatchEvent", "Y", "Further", definition("link")) +
        end + path("S", "X") + path("Y", "E"),
    },
    subjects: ["X", "Y"],
    outcome: "kept",
    runs: [{ steps: [], path: "S E" }], // the engine goes from flow to flow: links leave no trace
  },
  {
    ...onX,
    name: "link that leads nowhere",
    sketch: { content: start + thrown("Further", definition("link")) + path("S", "X") },
    outcome: "lost",
    runs: [{ steps: [], path: "S X" }],
  },
  {
    name: "two events in a row",
    sketch: {
      content: start + caught("Three days", timer("P3D")) +
        node("intermediateCatchEvent", "Y", "Answer", byMessage("M")) +
        end + path("S", "X", "Y", "E"),
      beside: answerMessage,
    },
    subjects: ["X", "Y"],
    outcome: "kept",
    runs: [{ steps: [timerFires("X"), message("answer")], path: "S X Y E" }],
  },
  {
    ...onX,
    name: "event that two ways lead to",
    sketch: {
      content: start + node("parallelGateway", "F") + node("task", "A", "Pack") + node("task", "B", "Bill") +
        caught("Three days", timer("P3D")) + end + path("S", "F", "A", "X", "E") + flow("F", "B") + flow("B", "X"),
    },
    outcome: "kept",
    runs: [{
      steps: [...work("A"), timerFires("X"), ...work("B"), timerFires("X")],
      path: "S F A X E B X E",
    }],
  },
  {
    ...onX,
    name: "event that does not list its flows",
    sketch: { content: around(caught("Three days", timer("P3D"))), listsFlows: false },
    outcome: "kept",
    runs: goesOff,
  },
];
