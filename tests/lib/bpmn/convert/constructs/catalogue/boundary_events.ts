/** Events on the border of a task or sub-process. */
import { definition, node, path, timer } from "../../drawing.ts";
import { type Construct, error, message, type Run, set, signal, type Step, timerFires, work } from "../construct.ts";
import { answerMessage, byMessage, bySignal, end, expression, goSignal, start } from "./pieces.ts";

/** A step `T` with the event `X` on its border, which leads to the task `A`. */
const onBorder = (definitions: string, name: string, attributes = "", host = node("task", "T", "Pack")) =>
  start + host + node(`boundaryEvent attachedToRef="T"${attributes}`, "X", name, definitions) +
  node("task", "A", "Hurry") +
  end + node("endEvent", "EA") + path("S", "T", "E") + path("X", "A", "EA");

const inTime: Run = { name: "in time", steps: work("T"), path: "S T E" };
const interrupted = (name: string, step: Step): Run => ({ name, steps: [step, ...work("A")], path: "S -T X A EA" });
const onX = { subjects: ["X"] } as const;

const inside = (content: string) => node("startEvent", "S2") + content;

export const boundaryEvents: readonly Construct[] = [
  {
    ...onX,
    name: "timer on the border",
    sketch: { content: onBorder(timer("PT8H"), "Late") },
    outcome: "kept",
    runs: [inTime, interrupted("late", timerFires("X"))],
  },
  {
    ...onX,
    name: "timer on the border whose name says when",
    sketch: { content: onBorder(definition("timer"), "Прошло 3 дня") },
    outcome: "mapped",
    runs: [inTime, interrupted("late", timerFires("X"))],
  },
  {
    ...onX,
    name: "timer on the border that does not interrupt",
    sketch: { content: onBorder(timer("PT8H"), "Late", ' cancelActivity="false"') },
    outcome: "kept",
    runs: [inTime, { name: "late", steps: [timerFires("X"), ...work("A", "T")], path: "S T E X A EA" }],
  },
  {
    ...onX,
    name: "timer on the border without a time",
    sketch: { content: onBorder(definition("timer"), "Late") },
    outcome: "lost",
    runs: [inTime, interrupted("message", message("P.X"))],
  },
  {
    ...onX,
    name: "message on the border",
    sketch: { content: onBorder(byMessage("M"), "Cancelled"), beside: answerMessage },
    outcome: "kept",
    runs: [inTime, interrupted("message", message("answer"))],
  },
  {
    ...onX,
    name: "message on the border without a name",
    sketch: { content: onBorder(byMessage(), "Cancelled") },
    outcome: "lost",
    runs: [inTime, interrupted("message", message("P.X"))],
  },
  {
    ...onX,
    name: "error on the border",
    sketch: {
      content: onBorder('<bpmn:errorEventDefinition errorRef="Er" />', "Refused"),
      beside: '<bpmn:error id="Er" name="refused" errorCode="TASK_DECLINED" />',
    },
    outcome: "kept",
    runs: [inTime, interrupted("error", error("T", "TASK_DECLINED"))],
  },
  {
    ...onX,
    name: "error on the border, whichever",
    sketch: { content: onBorder(definition("error"), "Failed") },
    outcome: "kept",
    runs: [inTime, interrupted("error", error("T", "TASK_DELETED"))],
  },
  {
    ...onX,
    name: "signal on the border",
    sketch: { content: onBorder(bySignal("Si"), "Go"), beside: goSignal },
    outcome: "kept",
    runs: [inTime, interrupted("signal", signal("go"))],
  },
  {
    ...onX,
    name: "condition on the border",
    sketch: {
      content: onBorder(
        definition("conditional", expression("condition", '${execution.getVariable("paid") == true}')),
        "Paid",
      ),
    },
    outcome: "kept",
    runs: [inTime, interrupted("condition", set({ paid: { type: "Boolean", value: true } }))],
  },
  {
    ...onX,
    name: "escalation on the border of a task",
    sketch: { content: onBorder(definition("escalation"), "Too much") },
    outcome: "lost",
    runs: [inTime, interrupted("message", message("P.X"))],
  },
  {
    ...onX,
    name: "event on the border without a cause",
    sketch: { content: onBorder("", "Something") },
    outcome: "lost",
    runs: [inTime, interrupted("message", message("P.X"))],
  },
  {
    ...onX,
    name: "timer on the border of a sub-process",
    sketch: {
      content: onBorder(
        timer("P1D"),
        "Late",
        "",
        node(
          "subProcess",
          "T",
          "Pack",
          inside(node("task", "B", "Wrap") + node("endEvent", "E2") + path("S2", "B", "E2")),
        ),
      ),
    },
    outcome: "kept",
    runs: [
      { name: "in time", steps: work("B"), path: "S T S2 B E2 E" },
      { name: "late", steps: [timerFires("X"), ...work("A")], path: "S -T S2 -B X A EA" },
    ],
  },
  {
    name: "error that a sub-process ends with, caught on its border",
    sketch: {
      content: onBorder(
        definition("error"),
        "Failed",
        "",
        node(
          "subProcess",
          "T",
          "Pack",
          inside(
            node("task", "B", "Wrap") + node("endEvent", "E2", "No box", definition("error")) + path("S2", "B", "E2"),
          ),
        ),
      ),
    },
    subjects: ["X", "E2"],
    outcome: "mapped",
    runs: [{ steps: work("B", "A"), path: "S -T S2 B -E2 X A EA" }],
  },
  {
    name: "escalation that a sub-process throws, caught on its border",
    sketch: {
      content: onBorder(
        definition("escalation"),
        "Ask",
        ' cancelActivity="false"',
        node(
          "subProcess",
          "T",
          "Pack",
          inside(
            node("intermediateThrowEvent", "W", "Too big", definition("escalation")) + node("task", "B", "Wrap") +
              node("endEvent", "E2") + path("S2", "W", "B", "E2"),
          ),
        ),
      ),
    },
    subjects: ["X", "W"],
    outcome: "mapped",
    runs: [{ steps: work("A", "B"), path: "S T S2 W X A EA B E2 E" }],
  },
  {
    name: "transaction that is cancelled",
    sketch: {
      content: onBorder(
        definition("cancel"),
        "Cancelled",
        "",
        node(
          "transaction",
          "T",
          "Pay",
          inside(
            node("task", "B", "Charge") + node("endEvent", "E2", "No money", definition("cancel")) +
              path("S2", "B", "E2"),
          ),
        ),
      ),
    },
    subjects: ["T", "X", "E2"],
    outcome: "kept",
    runs: [{ steps: work("B", "A"), path: "S -T S2 B -E2 X A EA" }],
  },
  {
    name: "compensation",
    sketch: {
      content: start + node("task", "T", "Book") +
        node('boundaryEvent attachedToRef="T"', "X", "Undo", definition("compensate")) +
        node('task isForCompensation="true"', "H", "Cancel the booking") +
        node("intermediateThrowEvent", "W", "Undo all", definition("compensate")) + end + path("S", "T", "W", "E") +
        '<bpmn:association id="A1" associationDirection="One" sourceRef="X" targetRef="H" />',
    },
    subjects: ["X", "W", "A1"],
    outcome: "kept",
    runs: [{ steps: work("T", "H"), path: "S T W H E" }],
  },
];
