/** Sub-processes of all kinds. */
import { definition, node, path, timer } from "../../drawing.ts";
import { type Construct, error, message, timerFires, work } from "../construct.ts";
import { answerMessage, around, byMessage, end, expression, start } from "./pieces.ts";

const inside = (suffix = "2", ...between: readonly string[]) =>
  node("startEvent", `S${suffix}`) + between.map((id) => node("task", id, `Step ${id}`)).join("") +
  node("endEvent", `E${suffix}`) + path(`S${suffix}`, ...between, `E${suffix}`);
const sub = (content: string, type = "subProcess") => node(type, "X", "Pack", content);

/** A process with the task `T` and an event sub-process that begins with `X` and has the task `A`. */
const eventSubProcess = (definitions: string, attributes = "") =>
  start + node("task", "T", "Pack") + end + path("S", "T", "E") +
  node(
    'subProcess triggeredByEvent="true"',
    "ES",
    "If something happens",
    node(`startEvent${attributes}`, "X", "It happens", definitions) + node("task", "A", "Look") +
      node("endEvent", "EA") +
      path("X", "A", "EA"),
  );
const inTime = { name: "nothing happens", steps: work("T"), path: "S T E" };
const onX = { subjects: ["X"] } as const;

export const subProcesses: readonly Construct[] = [
  {
    ...onX,
    name: "sub-process with steps",
    sketch: { content: around(sub(inside("2", "T"))) },
    outcome: "kept",
    runs: [{ steps: work("T"), path: "S X S2 T E2 E" }],
  },
  {
    ...onX,
    name: "sub-process in a sub-process",
    sketch: {
      content: around(sub(
        node("startEvent", "S2") + node("subProcess", "Y", "Wrap", inside("3", "T")) + node("endEvent", "E2") +
          path("S2", "Y", "E2"),
      )),
    },
    outcome: "kept",
    runs: [{ steps: work("T"), path: "S X S2 Y S3 T E3 E2 E" }],
  },
  {
    ...onX,
    name: "sub-process without steps",
    sketch: { content: around(sub("")), collapsed: ["X"] },
    outcome: "mapped",
    runs: [{ steps: work("X"), path: "S X E" }],
  },
  {
    ...onX,
    name: "closed sub-process with a picture of its own",
    sketch: {
      content: around(sub(
        node("startEvent", "S2") + node("intermediateCatchEvent", "W", "A day", timer("P1D")) +
          node("task", "T", "Wrap") +
          node("endEvent", "E2") + path("S2", "W", "T", "E2") +
          '<bpmn:textAnnotation id="N"><bpmn:text>In paper</bpmn:text></bpmn:textAnnotation>' +
          '<bpmn:association id="As" sourceRef="T" targetRef="N" />',
      )),
      collapsed: ["X"],
    },
    outcome: "kept",
    runs: [{ steps: [timerFires("W"), ...work("T")], path: "S X S2 W T E2 E" }],
  },
  {
    ...onX,
    name: "sub-process with several starts",
    sketch: {
      content: around(sub(
        node("startEvent", "S2", "Box") + node("startEvent", "S3", "Bag") + node("task", "A", "Box it") +
          node("task", "B", "Bag it") + path("S2", "A") + path("S3", "B"),
      )),
    },
    subjects: ["S2", "S3"],
    outcome: "mapped",
    runs: [{ steps: work("A", "B"), path: "S X S2 S3 A B E" }],
  },
  {
    ...onX,
    name: "sub-process without a start",
    sketch: { content: around(sub(node("task", "A", "Box it") + node("task", "B", "Bag it"))) },
    outcome: "mapped",
    runs: [{ steps: work("A", "B"), path: "S X StartEvent_X A B E" }],
  },
  {
    ...onX,
    name: "transaction",
    sketch: { content: around(sub(inside("2", "T"), "transaction")) },
    outcome: "kept",
    runs: [{ steps: work("T"), path: "S X S2 T E2 E" }],
  },
  {
    ...onX,
    name: "ad-hoc sub-process",
    sketch: { content: around(sub(node("task", "A", "Box it") + node("task", "B", "Bag it"), "adHocSubProcess")) },
    outcome: "lost",
    runs: [{ steps: work("B", "A"), path: "S X StartEvent_X A B E" }],
  },
  {
    ...onX,
    name: "multi-instance sub-process",
    sketch: {
      content: around(sub(
        inside("2", "T") +
          `<bpmn:multiInstanceLoopCharacteristics>${
            expression("loopCardinality", "2")
          }</bpmn:multiInstanceLoopCharacteristics>`,
      )),
    },
    outcome: "kept",
    runs: [{ steps: work("T", "T"), path: "S X#multiInstanceBody X X S2 S2 T T E2 E2 E" }],
  },
  {
    ...onX,
    name: "event sub-process that an error begins",
    sketch: { content: eventSubProcess(definition("error")) },
    outcome: "kept",
    runs: [inTime, { name: "error", steps: [error("T", "TASK_DECLINED"), ...work("A")], path: "S -T ES X A EA" }],
  },
  {
    ...onX,
    name: "event sub-process that a message begins",
    sketch: { content: eventSubProcess(byMessage("M")), beside: answerMessage },
    outcome: "kept",
    runs: [inTime, { name: "message", steps: [message("answer"), ...work("A")], path: "S -T ES X A EA" }],
  },
  {
    ...onX,
    name: "event sub-process that a timer begins, beside the rest",
    sketch: { content: eventSubProcess(timer("P1D"), ' isInterrupting="false"') },
    outcome: "kept",
    runs: [inTime, { name: "timer", steps: [timerFires("X"), ...work("A", "T")], path: "S T E ES X A EA" }],
  },
  {
    ...onX,
    name: "event sub-process without a cause",
    sketch: { content: eventSubProcess("") },
    outcome: "lost",
    runs: [inTime, { name: "message", steps: [message("P.X"), ...work("A")], path: "S -T ES X A EA" }],
  },
];
