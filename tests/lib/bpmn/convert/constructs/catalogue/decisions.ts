/** Gateways where one way is chosen, and who is asked. */
import { flow, node, path, timer } from "../../drawing.ts";
import { answer, type Construct, instance, type Run, timerFires, work } from "../construct.ts";
import { around, end, expression, start, yesOrNo } from "./pieces.ts";

const look = node("task", "T", "Check the papers");
const gateway = (type = "exclusiveGateway", name: string | undefined = "Papers complete?") => node(type, "G", name);
/** Start, the task `T`, the gateway `G`, and the ways out. */
const after = (waysOut: string, split = gateway()) => start + look + split + path("S", "T", "G") + waysOut;
/** Three ways. */
const threeWays = (...labels: readonly (string | undefined)[]) =>
  ["A", "B", "C"].map((id, index) =>
    node("task", id, ["Ship", "Refuse", "Ask back"][index]) + node("endEvent", `E${id}`) +
    flow("G", id, labels[index]) +
    path(id, `E${id}`)
  ).join("");

/** Ways of `yesOrNo` after the task whose answer decides. */
const bothWays = (asker = "T", before = "S", split = "G"): Run[] => {
  const asked = split === "" ? [before, asker] : [before, asker, split];
  return [
    { name: "да", steps: [answer(asker, "ДА"), ...work("A")], path: [...asked, "A", "EA"].join(" ") },
    { name: "нет", steps: [answer(asker, "НЕТ"), ...work("B")], path: [...asked, "B", "EB"].join(" ") },
  ];
};
const way = (said: string, task: string): Run => ({
  name: said,
  steps: [answer("T", said), ...work(task)],
  path: `S T G ${task} E${task}`,
});
const when = (sum: number, name: string, task: string): Run => ({
  name,
  start: { by: "hand", variables: { sum: { type: "Integer", value: sum } } },
  steps: work("T", task),
  path: `S T G ${task} E${task}`,
});

export const decisions: readonly Construct[] = [
  {
    name: "«да» and «нет» after a task",
    sketch: { content: after(yesOrNo("G")) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: bothWays(),
  },
  {
    name: "«Yes, urgent» and «NO.»",
    sketch: { content: after(yesOrNo("G", "Yes, urgent", "NO.")) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: bothWays(),
  },
  {
    name: "«да» and «нет» out of a gateway without a name",
    sketch: { content: after(yesOrNo("G"), node("exclusiveGateway", "G")) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: bothWays(),
  },
  {
    name: "«да» and «нет», one of them marked as the default",
    sketch: { content: after(yesOrNo("G"), gateway('exclusiveGateway default="G_B"')) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: bothWays(),
  },
  {
    name: "ids with «-» and «.»",
    sketch: {
      content: start + node("task", "T-1.a", "Check") + gateway() + flow("S", "T-1.a") + flow("T-1.a", "G") +
        yesOrNo("G"),
    },
    subjects: ["T-1.a", "G"],
    outcome: "mapped",
    runs: bothWays("T-1.a"),
  },
  {
    name: "decision right after the start",
    sketch: { content: start + gateway() + path("S", "G") + yesOrNo("G") },
    subjects: ["G"],
    outcome: "mapped",
    runs: bothWays("Activity_ask_G"),
  },
  {
    name: "decision after a sub-process",
    sketch: {
      content: start +
        node("subProcess", "X", "Pack", node("startEvent", "S2") + node("endEvent", "E2") + path("S2", "E2")) +
        gateway() + path("S", "X", "G") + yesOrNo("G"),
    },
    subjects: ["G"],
    outcome: "mapped",
    runs: bothWays("Activity_ask_G", "S X S2 E2"),
  },
  {
    name: "decision after a wait",
    sketch: {
      content: start + look + node("intermediateCatchEvent", "W", "A day", timer("P1D")) + gateway() +
        path("S", "T", "W", "G") + yesOrNo("G"),
    },
    subjects: ["G"],
    outcome: "mapped",
    runs: bothWays("Activity_ask_G", "S T W").map((run) => ({
      ...run,
      steps: [...work("T"), timerFires("W"), ...run.steps],
    })),
  },
  {
    name: "decision after a decision",
    sketch: {
      content: after(flow("G", "G2", "да") + flow("G", "E", "нет")) + node("exclusiveGateway", "G2", "Urgent?") + end +
        yesOrNo("G2"),
    },
    subjects: ["G", "G2"],
    outcome: "mapped",
    runs: [
      {
        name: "да, да",
        steps: [answer("T", "ДА"), answer("Activity_ask_G2", "ДА"), ...work("A")],
        path: "S T G Activity_ask_G2 G2 A EA",
      },
      {
        name: "да, нет",
        steps: [answer("T", "ДА"), answer("Activity_ask_G2", "НЕТ"), ...work("B")],
        path: "S T G Activity_ask_G2 G2 B EB",
      },
      { name: "нет", steps: [answer("T", "НЕТ")], path: "S T G E" },
    ],
  },
  {
    name: "decision that two tasks lead to",
    sketch: {
      content: after(flow("G", "T1", "да") + flow("G", "T2", "нет")) + node("task", "T1", "Call") +
        node("task", "T2", "Write") + node("exclusiveGateway", "G2", "Answered?") + path("T1", "G2") +
        path("T2", "G2") +
        yesOrNo("G2"),
    },
    subjects: ["G2"],
    outcome: "mapped",
    runs: [
      {
        name: "one task, да",
        steps: [answer("T", "ДА"), ...work("T1"), answer("Activity_ask_G2", "ДА"), ...work("A")],
        path: "S T G T1 Activity_ask_G2 G2 A EA",
      },
      {
        name: "the other, нет",
        steps: [answer("T", "НЕТ"), ...work("T2"), answer("Activity_ask_G2", "НЕТ"), ...work("B")],
        path: "S T G T2 Activity_ask_G2 G2 B EB",
      },
    ],
  },
  {
    name: "way back to the task that is asked",
    sketch: {
      content: after(flow("G", "E", "да") + flow("G", "X", "нет")) + node("task", "X", "Correct") + end +
        path("X", "T"),
    },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: [
      { name: "да", steps: [answer("T", "ДА")], path: "S T G E" },
      { name: "нет, then да", steps: [answer("T", "НЕТ"), ...work("X"), answer("T", "ДА")], path: "S T G X T G E" },
    ],
  },
  {
    name: "other labels, more than two",
    sketch: { content: after(threeWays("To the lawyers", "&quot;Archive&quot;", "Back")) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: [way("to the lawyers", "A"), way('"Archive"', "B"), way("Back", "C")],
  },
  {
    name: "«да», «нет» and another label",
    sketch: { content: after(threeWays("да", "нет", "Partly")) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: [way("ДА", "A"), way("НЕТ", "B"), way("Partly", "C")],
  },
  {
    name: "«да», «нет» and another label, which is the default",
    sketch: { content: after(threeWays("да", "нет", "Partly"), gateway('exclusiveGateway default="G_C"')) },
    subjects: ["T", "G", "G_C"],
    outcome: "mapped",
    runs: [way("ДА", "A"), way("НЕТ", "B"), way("Partly", "C")],
  },
  {
    name: "«да», «нет» and a way without a label",
    sketch: { content: after(threeWays("да", "нет", undefined)) },
    subjects: ["T", "G", "G_C"],
    outcome: "lost",
    runs: [way("ДА", "A"), way("НЕТ", "B")],
  },
  {
    name: "«да» and a way without a label",
    sketch: { content: after(yesOrNo("G").replace(' name="нет"', "")) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: bothWays(),
  },
  {
    name: "no labels at all",
    sketch: { content: after(threeWays()) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: [way("Ship", "A"), way("Refuse", "B"), way("Ask back", "C")],
  },
  {
    name: "conditions that are drawn",
    sketch: {
      content: after(
        yesOrNo("G").replace(flow("G", "A", "да"), flow("G", "A", "да", "${sum &gt; 5}"))
          .replace(flow("G", "B", "нет"), flow("G", "B", "нет", "${sum &lt;= 5}")),
      ),
    },
    subjects: ["G", "G_A", "G_B"],
    outcome: "kept",
    runs: [when(9, "the one", "A"), when(1, "the other", "B")],
  },
  {
    name: "a condition on one way only",
    sketch: { content: after(yesOrNo("G").replace(flow("G", "A", "да"), flow("G", "A", "да", "${sum &gt; 5}"))) },
    subjects: ["G", "G_A", "G_B"],
    outcome: "kept",
    runs: [when(9, "the one", "A"), when(1, "the rest", "B")],
  },
  {
    name: "a condition in words",
    sketch: {
      content: after(
        yesOrNo("G").replace(flow("G", "A", "да"), flow("G", "A", undefined, "да"))
          .replace(flow("G", "B", "нет"), flow("G", "B", undefined, "нет")),
      ),
    },
    subjects: ["G", "G_A", "G_B"],
    outcome: "mapped",
    runs: bothWays(),
  },
  {
    name: "«да» and «нет» right out of a task",
    sketch: { content: start + look + path("S", "T") + yesOrNo("T") },
    subjects: ["T"],
    outcome: "mapped",
    runs: bothWays("T", "S", ""),
  },
  {
    name: "«да» and «нет» out of a parallel gateway",
    sketch: { content: after(yesOrNo("G"), gateway("parallelGateway")) },
    subjects: ["G"],
    outcome: "lost",
    runs: [{ name: "both at once", steps: work("T", "A", "B"), path: "S T G A EA B EB" }],
  },
  {
    name: "inclusive gateway with «да» and «нет»",
    sketch: { content: after(yesOrNo("G"), gateway("inclusiveGateway")) },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: bothWays(),
  },
  {
    name: "inclusive gateway with other labels",
    sketch: { content: after(threeWays("Lawyers", "Archive", "Back"), gateway("inclusiveGateway")) },
    subjects: ["T", "G"],
    outcome: "lost",
    runs: [way("Lawyers", "A"), way("Archive", "B"), way("Back", "C")],
  },
  {
    name: "complex gateway",
    sketch: { content: after(yesOrNo("G"), gateway("complexGateway")) },
    subjects: ["T", "G"],
    outcome: "lost",
    runs: bothWays(),
  },
  {
    name: "decisions inside a sub-process",
    sketch: {
      content: around(node(
        "subProcess",
        "X",
        "Check",
        node("startEvent", "S2") + look + gateway() + node("exclusiveGateway", "G2", "Urgent?") +
          node("endEvent", "E2") +
          path("S2", "T", "G") + flow("G", "G2", "да") + flow("G", "E2", "нет") + yesOrNo("G2"),
      )),
    },
    subjects: ["T", "G2"],
    outcome: "mapped",
    runs: [
      {
        name: "да, да",
        steps: [answer("T", "ДА"), answer("Activity_ask_G2", "ДА"), ...work("A")],
        path: "S X S2 T G Activity_ask_G2 G2 A EA E",
      },
      {
        name: "да, нет",
        steps: [answer("T", "ДА"), answer("Activity_ask_G2", "НЕТ"), ...work("B")],
        path: "S X S2 T G Activity_ask_G2 G2 B EB E",
      },
      { name: "нет", steps: [answer("T", "НЕТ")], path: "S X S2 T G E2 E" },
    ],
  },
  {
    name: "decision inside a multi-instance sub-process",
    sketch: {
      content: around(node(
        "subProcess",
        "X",
        "Each",
        node("startEvent", "S2") + look + gateway() + path("S2", "T", "G") + yesOrNo("G") +
          `<bpmn:multiInstanceLoopCharacteristics>${
            expression("loopCardinality", "2")
          }</bpmn:multiInstanceLoopCharacteristics>`,
      )),
    },
    subjects: ["T", "G"],
    outcome: "mapped",
    runs: [{
      name: "да and нет side by side",
      steps: [instance(0, "T", "ДА"), instance(1, "T", "НЕТ"), ...work("A", "B")],
      path: "S X#multiInstanceBody X X S2 S2 T T G G A EA B EB E",
    }],
  },
];
