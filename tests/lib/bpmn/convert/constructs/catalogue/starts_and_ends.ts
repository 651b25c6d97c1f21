/** How processes begin and end. */
import { definition, flow, node, path } from "../../drawing.ts";
import { type Construct, type Run, work } from "../construct.ts";
import { answerMessage, byMessage, bySignal, end, expression, goSignal, start } from "./pieces.ts";

const begins = (inner: string, name = "Order came") =>
  node("startEvent", "X", name, inner) + node("task", "T", "Pack") + end + path("X", "T", "E");
const ends = (inner: string, name = "Done") =>
  start + node("task", "T", "Pack") + node("endEvent", "X", name, inner) + path("S", "T", "X");
const cycle = (text: string) => definition("timer", expression("timeCycle", text));

const onX = { subjects: ["X"] } as const;
const started: Run = { steps: work("T"), path: "X T E" };
const ended: readonly Run[] = [{ steps: work("T"), path: "S T X" }];
const paid = { paid: { type: "Boolean", value: true } } as const;

export const startsAndEnds: readonly Construct[] = [
  {
    ...onX,
    name: "start by a timer",
    sketch: { content: begins(cycle("R/P1D")) },
    outcome: "kept",
    runs: [{ ...started, start: { by: "timer", activity: "X" } }],
  },
  {
    ...onX,
    name: "start by a timer whose name says when",
    sketch: { content: begins(definition("timer"), "Каждый день в 9:30") },
    outcome: "mapped",
    runs: [{ ...started, start: { by: "timer", activity: "X" } }],
  },
  {
    ...onX,
    name: "start by a timer without a time",
    sketch: { content: begins(definition("timer")) },
    outcome: "lost",
    runs: [started],
  },
  {
    ...onX,
    name: "start by a message",
    sketch: { content: begins(byMessage("M")), beside: answerMessage },
    outcome: "kept",
    runs: [{ ...started, start: { by: "message", name: "answer" } }],
  },
  {
    ...onX,
    name: "start by a message without a name",
    sketch: { content: begins(byMessage()) },
    outcome: "lost",
    runs: [started],
  },
  {
    ...onX,
    name: "start by a signal",
    sketch: { content: begins(bySignal("Si")), beside: goSignal },
    outcome: "kept",
    runs: [{ ...started, start: { by: "signal", name: "go" } }],
  },
  {
    ...onX,
    name: "start by a condition",
    sketch: { content: begins(definition("conditional", expression("condition", "${paid}"))) },
    outcome: "kept",
    runs: [{ ...started, start: { by: "condition", variables: paid } }],
  },
  {
    name: "several plain starts",
    sketch: {
      content: node("startEvent", "S", "By mail") + node("startEvent", "X", "By phone") + node("task", "T", "Pack") +
        end +
        path("S", "T", "E") + flow("X", "T"),
    },
    subjects: ["S", "X"],
    outcome: "mapped",
    runs: [
      { name: "the first, by hand", steps: work("T"), path: "S T E" },
      { name: "the other, by message", start: { by: "message", name: "P.X" }, steps: work("T"), path: "X T E" },
    ],
  },
  {
    name: "no start",
    sketch: { content: node("task", "T", "Pack") + end + path("T", "E") },
    subjects: ["P"],
    outcome: "mapped",
    runs: [{ steps: work("T"), path: "StartEvent_P T E" }],
  },
  {
    name: "no end",
    sketch: { content: start + node("task", "T", "Pack") + path("S", "T") },
    subjects: ["P"],
    outcome: "kept",
    runs: [{ steps: work("T"), path: "S T" }],
  },
  {
    ...onX,
    name: "end with a message",
    sketch: { content: ends(byMessage(), "Tell the customer") },
    outcome: "mapped",
    runs: [{ steps: work("T", "X"), path: "S T X" }],
  },
  {
    ...onX,
    name: "end with a signal",
    sketch: { content: ends(bySignal("Si")), beside: goSignal },
    outcome: "kept",
    runs: ended,
  },
  {
    ...onX,
    name: "end that stops everything (terminate)",
    sketch: {
      content: start + node("parallelGateway", "F") + node("task", "T", "Refuse") + node("task", "U", "Pack") +
        node("endEvent", "X", "Over", definition("terminate")) + end + path("S", "F", "T", "X") + path("F", "U", "E"),
    },
    outcome: "kept",
    runs: [{ steps: work("T"), path: "S F T X -U" }],
  },
  {
    ...onX,
    name: "end with an error that nobody catches",
    sketch: { content: ends(definition("error"), "Failed") },
    outcome: "mapped",
    runs: ended,
  },
  {
    ...onX,
    name: "end with an escalation",
    sketch: { content: ends(definition("escalation"), "To the director") },
    outcome: "mapped",
    runs: ended,
  },
  {
    ...onX,
    name: "end with a timer",
    sketch: { content: ends(definition("timer"), "Later") },
    outcome: "lost",
    runs: ended,
  },
];
