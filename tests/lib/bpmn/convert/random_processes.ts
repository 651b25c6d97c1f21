/** Processes as people could draw them, by chance: whatever comes out of here has to convert, deploy and keep its ids. */
import fc from "fast-check";
import { timer } from "./drawing.ts";

export interface RandomProcess {
  readonly pieces: readonly Piece[];
  readonly lanes: boolean;
}

/** A piece of a process that one flow leads into and one out of, as drawing tools allow it. */
export type Piece =
  | { readonly kind: "step"; readonly type: string; readonly name: string; readonly inner: string }
  | { readonly kind: "decision"; readonly type: string; readonly name: string; readonly ways: readonly Way[] }
  | { readonly kind: "parallel"; readonly ways: readonly Way[] }
  | { readonly kind: "loop"; readonly name: string; readonly body: readonly Piece[] }
  | {
    readonly kind: "sub-process";
    readonly type: string;
    readonly watched: string | undefined;
    readonly body: readonly Piece[];
  }
  | { readonly kind: "race"; readonly ways: readonly Way[] }
  | {
    readonly kind: "guarded";
    readonly type: string;
    /** The event on the border of the activity. */
    readonly event: string;
    readonly cancels: boolean;
    readonly name: string;
    readonly otherwise: readonly Piece[];
  };

export interface Way {
  readonly label: string;
  readonly body: readonly Piece[];
}

const STEPS: readonly (readonly [type: string, inner: string])[] = [
  ["task", ""],
  ["userTask", "<bpmn:documentation>how</bpmn:documentation>"],
  ["manualTask", ""],
  ["serviceTask", ""],
  ["sendTask", ""],
  ["receiveTask", ""],
  ["scriptTask", ""],
  ["businessRuleTask", ""],
  ["callActivity", ""],
  ["userTask", '<bpmn:multiInstanceLoopCharacteristics camunda:collection="c" />'],
  ["intermediateThrowEvent", ""],
  ["intermediateThrowEvent", "<bpmn:signalEventDefinition />"],
  ["intermediateThrowEvent", "<bpmn:messageEventDefinition />"],
  ["intermediateCatchEvent", "<bpmn:messageEventDefinition />"],
  ["intermediateCatchEvent", "<bpmn:timerEventDefinition />"],
  [
    "intermediateCatchEvent",
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>',
  ],
];

/** What can interrupt an activity, or begin an event sub-process. */
const INTERRUPTIONS = [
  "",
  timer("PT8H"),
  "<bpmn:timerEventDefinition />",
  "<bpmn:messageEventDefinition />",
  "<bpmn:signalEventDefinition />",
  "<bpmn:errorEventDefinition />",
  "<bpmn:escalationEventDefinition />",
  "<bpmn:conditionalEventDefinition />",
];
/** What can come first after an event-based gateway. */
const RACERS = [timer("P2D"), "<bpmn:messageEventDefinition />", "<bpmn:signalEventDefinition />", ""];

const name = fc.constantFrom("", "Проверить", "Готово?", "a b", "3 дня", "x &lt; y", "«Да»");
const step: fc.Arbitrary<Piece> = fc.record({ step: fc.constantFrom(...STEPS), name })
  .map(({ step: [type, inner], name }) => ({ kind: "step", type, name, inner }));
const LABELS = [["да", "нет"], ["Да.", ""], ["нет", "иначе"], ["А", "Б", "В"], ["да", "нет", "частично"], [
  "Yes",
  "No",
]];

const { pieces } = fc.letrec<{ piece: Piece; pieces: Piece[] }>((tie) => ({
  pieces: fc.array(tie("piece"), { maxLength: 3, depthIdentifier: "nesting" }),
  piece: fc.oneof(
    { maxDepth: 4, depthIdentifier: "nesting" },
    step,
    fc.record({
      labels: fc.constantFrom(...LABELS),
      bodies: fc.array(tie("pieces"), { minLength: 3, maxLength: 3 }),
      name,
      type: fc.constantFrom("exclusiveGateway", "inclusiveGateway"),
    })
      .map(({ labels, bodies, name, type }): Piece => ({
        kind: "decision",
        type,
        name,
        ways: labels.map((label, index) => ({ label, body: bodies[index] ?? [] })),
      })),
    fc.array(tie("pieces"), { minLength: 2, maxLength: 3 }).map((bodies): Piece => ({
      kind: "parallel",
      ways: bodies.map((body) => ({ label: "", body })),
    })),
    fc.record({ name, body: tie("pieces") }).map(({ name, body }): Piece => ({ kind: "loop", name, body })),
    fc.record({
      type: fc.constantFrom("subProcess", "transaction", "adHocSubProcess"),
      watched: fc.constantFrom(undefined, ...INTERRUPTIONS),
      body: tie("pieces"),
    }).map((piece): Piece => ({ kind: "sub-process", ...piece })),
    fc.array(fc.record({ label: fc.constantFrom(...RACERS), body: tie("pieces") }), { minLength: 2, maxLength: 3 })
      .map((ways): Piece => ({ kind: "race", ways })),
    fc.record({
      type: fc.constantFrom("task", "userTask", "callActivity", "serviceTask"),
      event: fc.constantFrom(...INTERRUPTIONS),
      cancels: fc.boolean(),
      name,
      otherwise: tie("pieces"),
    }).map((piece): Piece => ({ kind: "guarded", ...piece })),
  ),
}));

export const randomProcess: fc.Arbitrary<RandomProcess> = fc.record({ pieces, lanes: fc.boolean() });
