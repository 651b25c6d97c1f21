/** What cannot be converted: the diagram has to be drawn differently. */
import { definition, flow, node, path } from "../../drawing.ts";
import type { Construct } from "../construct.ts";
import type { Sketch } from "../storm_drawing.ts";
import { around, end, start, yesOrNo } from "./pieces.ts";

const refusal = (name: string, subjects: readonly string[], sketch: Sketch): Construct => ({
  name,
  sketch,
  subjects,
  outcome: "refused",
  runs: [],
});
const task = node("task", "T", "Check");
const event = (type: string, id: string, inner = "") => node(type, id, "It happens", inner);

export const refused: readonly Construct[] = [
  refusal("ways that nothing tells apart", ["G"], {
    content: start + task + node("exclusiveGateway", "G", "Ready?") + path("S", "T", "G") + yesOrNo("G", "да", "Да"),
  }),
  refusal("step after an event-based gateway", ["G"], {
    content: start + node("eventBasedGateway", "G", "What first?") + task + end + path("S", "G", "T", "E"),
  }),
  refusal("event-based gateway that leads nowhere", ["G"], {
    content: start + node("eventBasedGateway", "G", "What first?") + path("S", "G"),
  }),
  refusal("event after an event-based gateway and something else", ["X"], {
    content: start + node("parallelGateway", "F") + node("eventBasedGateway", "G", "What first?") +
      event("intermediateCatchEvent", "X", definition("timer")) + end + path("S", "F", "G", "X", "E") + flow("F", "X"),
  }),
  refusal("flow across the border of a sub-process", ["S_T"], {
    content: start + node("subProcess", "X", "Pack", node("startEvent", "S2") + task + path("S2", "T")) +
      path("S", "T"),
  }),
  refusal("process in which everything follows something", ["P"], {
    content: task + node("task", "U", "Correct") + path("T", "U", "T"),
  }),
  refusal("process without steps", ["P"], { content: "" }),
  refusal("event sub-process with several starts", ["ES"], {
    content: around(node("task", "X", "Pack")) + node(
      'subProcess triggeredByEvent="true"',
      "ES",
      "If something happens",
      event("startEvent", "S2", definition("error")) + event("startEvent", "S3", definition("error")),
    ),
  }),
  refusal("event sub-process that a flow leads to", ["ES"], {
    content: start + node("task", "X", "Pack") + node(
      'subProcess triggeredByEvent="true"',
      "ES",
      "If something happens",
      event("startEvent", "S2", definition("error")),
    ) + path("S", "X", "ES"),
  }),
  refusal("event on the border of nothing", ["X"], {
    content: start + task + end + path("S", "T", "E") + event("boundaryEvent", "X", definition("error")),
  }),
];
