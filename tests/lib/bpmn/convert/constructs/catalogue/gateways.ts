/** Gateways where nobody is asked. */
import { flow, node, path, timer } from "../../drawing.ts";
import { type Construct, message, timerFires, work } from "../construct.ts";
import { answerMessage, byMessage, end, start } from "./pieces.ts";

const branches = (type: string, conditions: readonly [string?, string?] = []) =>
  start + node(type, "G", "Split") + node("task", "A", "Pack") + node("task", "B", "Bill") + node(type, "J", "Join") +
  end + path("S", "G") + flow("G", "A", undefined, conditions[0]) + flow("G", "B", undefined, conditions[1]) +
  path("A", "J") + path("B", "J", "E");

const race = (message: string) =>
  start + node("eventBasedGateway", "G", "What comes first?") + message +
  node("intermediateCatchEvent", "Y", "2 days", timer("P2D")) + node("endEvent", "EX") + node("endEvent", "EY") +
  path("S", "G", "X", "EX") + path("G", "Y", "EY");

/** In the engine's history the gateway is cut off by what comes first. */
const firstComes = (path: string) => [
  { name: "message", steps: [message("answer")], path: `S -G ${path} EX` },
  { name: "timer", steps: [timerFires("Y")], path: "S -G Y EY" },
];

export const gateways: readonly Construct[] = [
  {
    name: "parallel gateways",
    sketch: { content: branches("parallelGateway") },
    subjects: ["G", "J"],
    outcome: "kept",
    runs: [{ steps: work("B", "A"), path: "S G A B J J E" }],
  },
  {
    name: "inclusive gateways with conditions",
    sketch: { content: branches("inclusiveGateway", ["${sum &gt; 5}", "${sum &gt; 7}"]) },
    subjects: ["G", "J", "G_A", "G_B"],
    outcome: "kept",
    runs: [
      {
        name: "one",
        start: { by: "hand", variables: { sum: { type: "Integer", value: 6 } } },
        steps: work("A"),
        path: "S G A J E",
      },
      {
        name: "both",
        start: { by: "hand", variables: { sum: { type: "Integer", value: 8 } } },
        steps: work("A", "B"),
        path: "S G A B J J E",
      },
    ],
  },
  {
    name: "event-based gateway",
    sketch: {
      content: race(node("intermediateCatchEvent", "X", "Answer", byMessage("M"))),
      beside: answerMessage,
    },
    subjects: ["G", "X", "Y"],
    outcome: "kept",
    runs: firstComes("X"),
  },
  {
    name: "event-based gateway with a receive task",
    sketch: { content: race(node('receiveTask messageRef="M"', "X", "Answer")), beside: answerMessage },
    subjects: ["G", "X", "Y"],
    outcome: "mapped",
    runs: firstComes("X"),
  },
  {
    name: "event-based gateway with a message that has no name",
    sketch: { content: race(node("intermediateCatchEvent", "X", "Answer", byMessage())) },
    subjects: ["X"],
    outcome: "lost",
    runs: [
      { name: "message", steps: [message("P.X")], path: "S -G X EX" },
      { name: "timer", steps: [timerFires("Y")], path: "S -G Y EY" },
    ],
  },
  {
    name: "exclusive gateway that leads nowhere",
    sketch: { content: start + node("exclusiveGateway", "G", "So?") + path("S", "G") },
    subjects: ["G"],
    outcome: "mapped",
    runs: [{ steps: [], path: "S G Event_end_G" }],
  },
  {
    name: "exclusive gateway with one way out, and a condition on it",
    sketch: {
      content: start + node("exclusiveGateway", "G", "So?") + end + path("S", "G") +
        flow("G", "E", "да", "${sum &gt; 5}"),
    },
    subjects: ["G", "G_E"],
    outcome: "lost",
    runs: [{ steps: [], path: "S G E" }],
  },
];
