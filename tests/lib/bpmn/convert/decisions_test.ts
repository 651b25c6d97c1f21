import assert from "node:assert/strict";
import { converted, problems } from "./converting.ts";
import { definition, diagram, flow, node, path, timer } from "./drawing.ts";

const start = node("startEvent", "S");
const ends = node("task", "A", "First") + node("task", "B", "Second") + node("task", "C", "Third");
const asks = (task: string) => `\${execution.getVariable("${task}") == "ok"}`;
const asksNot = (task: string) => `\${execution.getVariable("${task}") != "ok"}`;
const says = (task: string, text: string) => `"${text}".equalsIgnoreCase(execution.getVariable("${task}_answer"))`;

/** A task `T`, a gateway `G` and its ways out. */
const decision = (waysOut: string, gateway = node("exclusiveGateway", "G", "Ready?")) =>
  diagram(start + node("task", "T", "Look") + gateway + ends + path("S", "T", "G") + waysOut);
const yesNo = flow("G", "A", "да") + flow("G", "B", "нет");

Deno.test("labels are understood with blanks, signs and remarks", async () => {
  const { file } = await converted(decision(flow("G", "A", "Да (срочно) ") + flow("G", "B", "НЕТ.")));
  assert.equal(file.condition("G_A"), asks("T"));
  assert.equal(file.condition("G_B"), asksNot("T"));
});

for (const label of [undefined, "иначе"]) {
  Deno.test(`next to «да», a branch ${label ?? "without a label"} is the default`, async () => {
    const { file } = await converted(decision(flow("G", "A", "да") + flow("G", "B", label)));
    assert.equal(file.condition("G_A"), asks("T"));
    assert.equal(file.condition("G_B"), undefined);
    assert.equal(file.attribute("G", "default"), "G_B");
  });
}

Deno.test("with «да» and «нет» both conditions stand and no default is left", async () => {
  const { file } = await converted(decision(yesNo, node('exclusiveGateway default="G_A"', "G", "Ready?")));
  assert.equal(file.attribute("G", "default"), undefined);
  assert.equal(file.condition("G_A"), asks("T"));
});

Deno.test("other labels are compared with the words of the answer, and people are told the answers", async () => {
  const { file } = await converted(
    decision(flow("G", "A", "Юристам") + flow("G", "B", "В &quot;архив&quot;") + flow("G", "C", "Назад")),
  );
  assert.equal(file.condition("G_A"), `\${${says("T", "Юристам")}}`);
  assert.equal(file.condition("G_B"), `\${${says("T", 'В \\"архив\\"')}}`);
  assert.deepEqual(file.properties("T"), {
    UF_RESULT_EXPECTED: "true",
    UF_RESULT_QUESTION: 'Ready? (Юристам / В "архив" / Назад)',
    answers: '["Юристам","В \\"архив\\"","Назад"]',
  });
});

Deno.test("beside «да», «нет» and a third label, «нет» is not the third", async () => {
  const { file } = await converted(decision(yesNo + flow("G", "C", "Частично")));
  assert.equal(file.condition("G_A"), asks("T"));
  assert.equal(file.condition("G_B"), `\${execution.getVariable("T") != "ok" && !${says("T", "Частично")}}`);
  assert.equal(file.condition("G_C"), `\${${says("T", "Частично")}}`);
});

Deno.test("beside «да» and «нет», a default with words of its own is an answer like the others", async () => {
  const drawn = decision(
    yesNo + flow("G", "C", "Частично"),
    node('exclusiveGateway default="G_C"', "G", "Ready?"),
  );
  const { file, told } = await converted(drawn);
  assert.equal(file.attribute("G", "default"), undefined);
  assert.equal(file.condition("G_B"), `\${execution.getVariable("T") != "ok" && !${says("T", "Частично")}}`);
  assert.equal(file.condition("G_C"), `\${${says("T", "Частично")}}`);
  assert.equal(told.some((entry) => entry.startsWith("lost")), false);
});

for (const gateway of ["exclusiveGateway", 'exclusiveGateway default="G_C"']) {
  Deno.test(`beside «да» and «нет», a way without words is reported: nobody goes it (${gateway})`, async () => {
    const { file, reasons } = await converted(decision(yesNo + flow("G", "C"), node(gateway, "G", "Ready?")));
    assert.equal(file.attribute("G", "default"), "G_C");
    assert.deepEqual(reasons("G_C"), ["Nobody goes this way: «да» and «нет» take every answer."]);
  });
}

Deno.test("two kinds of yes are told apart by their words", async () => {
  const { file } = await converted(
    decision(flow("G", "A", "Да (срочно)") + flow("G", "B", "Да (обычно)") + flow("G", "C", "Нет")),
  );
  assert.equal(file.condition("G_A"), `\${${says("T", "Да (срочно)")}}`);
});

Deno.test("branches without labels are called after what they lead to", async () => {
  const { file } = await converted(decision(flow("G", "A") + flow("G", "B")));
  assert.equal(file.condition("G_A"), `\${${says("T", "First")}}`);
});

Deno.test("branches that nothing tells apart are refused by name", async () => {
  const [problem] = await problems(decision(flow("G", "A", "да") + flow("G", "B", "Да")));
  assert.equal(problem?.elementId, "G");
  assert.match(problem?.reason ?? "", /«Ready\?» \(G\).*«да» \(G_A\), «Да» \(G_B\)/);
});

Deno.test("conditions that are drawn stay, and the one branch without is the default", async () => {
  const { file } = await converted(decision(flow("G", "A", "да", "${sum &gt; 5}") + flow("G", "B", "нет")));
  assert.equal(file.condition("G_A"), "${sum > 5}");
  assert.equal(file.condition("G_B"), undefined);
  assert.equal(file.attribute("G", "default"), "G_B");
  assert.deepEqual(file.properties("T"), {});
});

Deno.test("a condition that is no expression is a label", async () => {
  const { file } = await converted(decision(flow("G", "A", undefined, "да") + flow("G", "B", undefined, "нет")));
  assert.equal(file.attribute("G_A", "name"), "да");
  assert.equal(file.condition("G_A"), asks("T"));
});

Deno.test("the default flow has no condition", async () => {
  const { file } = await converted(
    decision(
      flow("G", "A", "x", "${a}") + flow("G", "B", "y", "${b}"),
      node('exclusiveGateway default="G_B"', "G", "Ready?"),
    ),
  );
  assert.equal(file.condition("G_B"), undefined);
  assert.equal(file.attribute("G", "default"), "G_B");
});

Deno.test("the only way out of a gateway has no condition: the engine refuses one", async () => {
  const { file, told } = await converted(decision(flow("G", "A", "да", "${x}")));
  assert.equal(file.condition("G_A"), undefined);
  assert.ok(told.includes("lost G_A"));
});

Deno.test("what is decided for a flow counts", async () => {
  const { file } = await converted(decision(yesNo), {
    mapping: { processes: { P: { elements: { G_A: { expression: '${demolition == "yes"}' } } } } },
  });
  assert.equal(file.condition("G_A"), '${demolition == "yes"}');
  assert.equal(file.attribute("G", "default"), "G_B");
});

Deno.test("an inclusive gateway gets the same conditions", async () => {
  const { file } = await converted(decision(yesNo, node("inclusiveGateway", "G", "Ready?")));
  assert.equal(file.condition("G_B"), asksNot("T"));
});

Deno.test("labels on a parallel gateway decide nothing, which is reported as a loss", async () => {
  const { file, told } = await converted(decision(yesNo, node("parallelGateway", "G", "Ready?")));
  assert.equal(file.condition("G_A"), undefined);
  assert.ok(told.includes("lost G"));
});

Deno.test("a task with «да» and «нет» and no gateway decides by its own answer", async () => {
  const { file } = await converted(
    diagram(start + node("task", "T", "Ready?") + ends + path("S", "T") + flow("T", "A", "да") + flow("T", "B", "нет")),
  );
  assert.equal(file.condition("T_A"), asks("T"));
  assert.equal(file.properties("T")["UF_RESULT_QUESTION"], "Ready?");
});

Deno.test("ids with signs are fine in conditions", async () => {
  const drawn = diagram(
    start + node("task", "T-1.a") + node("exclusiveGateway", "G", "Ready?") + ends + flow("S", "T-1.a") +
      flow("T-1.a", "G") + yesNo,
  );
  assert.equal((await converted(drawn)).file.condition("G_A"), asks("T-1.a"));
});

Deno.test("a gateway without a name asks for what its task is called", async () => {
  const { file } = await converted(decision(yesNo, node("exclusiveGateway", "G")));
  assert.equal(file.properties("T")["UF_RESULT_QUESTION"], "Look");
});

Deno.test("after another decision a question task is put in front, with the same id every time", async () => {
  const drawn = decision(yesNo + path("A", "E")) // the second gateway follows the first directly
    .replace(node("task", "A", "First"), node("exclusiveGateway", "A", "Urgent?") + node("endEvent", "E"))
    .replace("</bpmn:process>", `${node("task", "D")}${flow("A", "D", "нет")}</bpmn:process>`)
    .replace(flow("A", "E"), flow("A", "E", "да"));
  const { file, reasons } = await converted(drawn);
  assert.equal(file.attribute("Activity_ask_A", "name"), "Выяснить: Urgent?");
  assert.equal(file.attribute("Activity_ask_A", "topic"), "bitrix_create_task");
  assert.deepEqual(file.properties("Activity_ask_A"), { UF_RESULT_EXPECTED: "true", UF_RESULT_QUESTION: "Urgent?" });
  assert.equal(file.attribute("G_A", "targetRef"), "Activity_ask_A");
  assert.equal(file.attribute("Flow_ask_A", "targetRef"), "A");
  assert.equal(file.condition("A_E"), asks("Activity_ask_A"));
  assert.match(reasons("A").join(), /Activity_ask_A asks «Urgent\?»/);
});

for (
  const [what, before] of [
    ["directly after the start", path("S", "G")],
    ["after a sub-process", node("subProcess", "X", "x", node("startEvent", "S2")) + path("S", "X", "G")],
    ["after a call activity", node('callActivity calledElement="other"', "X") + path("S", "X", "G")],
    [
      "after a task of another system",
      node('serviceTask camunda:type="external" camunda:topic="1c_sync_data"', "X") + path("S", "X", "G"),
    ],
    [
      "after a multi-instance task, whose people answer each for themselves",
      node("task", "X", "x", '<bpmn:multiInstanceLoopCharacteristics camunda:collection="c" />') + path("S", "X", "G"),
    ],
    [
      "after a wait, when an answer given before it may be old",
      node("task", "X") + node("intermediateCatchEvent", "W", "w", timer("P1D")) + path("S", "X", "W", "G"),
    ],
    [
      "after the border of a task",
      node("task", "X") + node('boundaryEvent attachedToRef="X"', "W", "w", timer("P1D")) + path("S", "X") +
      path("W", "G"),
    ],
    [
      "after two tasks",
      node("task", "X") + node("task", "Y") + node("parallelGateway", "F") + path("S", "F", "X", "G") +
      path("F", "Y", "G"),
    ],
    [
      "after two tasks that join",
      node("task", "X") + node("task", "Y") + node("parallelGateway", "F") + node("parallelGateway", "J") +
      path("S", "F", "X", "J", "G") + path("F", "Y", "J"),
    ],
    ["after a task or a way back", node("task", "X") + path("S", "X", "G") + path("B", "G")],
  ] as const
) {
  Deno.test(`a decision ${what} gets a question task of its own`, async () => {
    const { file } = await converted(diagram(start + node("exclusiveGateway", "G", "Ready?") + ends + yesNo + before));
    assert.equal(file.condition("G_A"), asks("Activity_ask_G"));
    const incoming = file.element("G").children.filter(({ name }) => name === "incoming").map(({ text }) => text);
    assert.deepEqual(incoming, ["Flow_ask_G"]);
  });
}

for (
  const [what, before] of [
    ["a merge", node("task", "X") + node("exclusiveGateway", "M") + path("S", "X", "M", "G")],
    [
      "a parallel gateway",
      node("task", "X") + node("parallelGateway", "M") + node("task", "Y") + path("S", "X", "M", "G") + path("M", "Y"),
    ],
    [
      "an event that throws",
      node("task", "X") + node("intermediateThrowEvent", "M", "m", definition("signal")) + path("S", "X", "M", "G"),
    ],
    [
      "a link",
      node("task", "X") + node("intermediateThrowEvent", "M", "l", definition("link")) +
      node("intermediateCatchEvent", "N", "l", definition("link")) + path("S", "X", "M") + path("N", "G"),
    ],
    ["a way back to the task itself", node("task", "X") + path("S", "X", "G") + path("B", "X")],
  ] as const
) {
  Deno.test(`a decision behind ${what} is answered by the task before it`, async () => {
    const { file } = await converted(diagram(start + node("exclusiveGateway", "G", "Ready?") + ends + yesNo + before));
    assert.equal(file.condition("G_A"), asks("X"));
    assert.equal(file.has("Activity_ask_G"), false);
  });
}

Deno.test("a task asks one question; a second decision on it gets a question task", async () => {
  const second = node("exclusiveGateway", "G2", "Paid?") + node("parallelGateway", "F") + flow("G2", "A", "да") +
    flow("G2", "B", "нет");
  const drawn = diagram(
    start + node("task", "T") + node("exclusiveGateway", "G", "Ready?") + ends + second + path("S", "T", "F", "G") +
      path("F", "G2") + yesNo,
  );
  const { file } = await converted(drawn);
  assert.equal(file.condition("G_A"), asks("T"));
  assert.equal(file.condition("G2_A"), asks("Activity_ask_G2"));
});

Deno.test("two decisions with the same question share the answer", async () => {
  const second = node("exclusiveGateway", "G2", "Ready?") + node("parallelGateway", "F") + flow("G2", "A", "да") +
    flow("G2", "B", "нет");
  const drawn = diagram(
    start + node("task", "T") + node("exclusiveGateway", "G", "Ready?") + ends + second + path("S", "T", "F", "G") +
      path("F", "G2") + yesNo,
  );
  assert.equal((await converted(drawn)).file.condition("G2_A"), asks("T"));
});

Deno.test("inside a multi-instance sub-process each instance decides by its own answer", async () => {
  const inner = node("startEvent", "S2") + node("task", "T") + node("exclusiveGateway", "G", "Ready?") + ends +
    path("S2", "T", "G") + yesNo +
    '<bpmn:multiInstanceLoopCharacteristics camunda:collection="c" />';
  const { file } = await converted(diagram(start + node("subProcess", "X", "Each", inner) + path("S", "X")));
  assert.equal(file.condition("G_A"), '${execution.getVariable("T_".concat(loopCounter)) == "ok"}');
});

Deno.test("the question task of a gateway in a sub-process is in that sub-process", async () => {
  const inner = node("startEvent", "S2") + node("exclusiveGateway", "G", "Ready?") + ends + path("S2", "G") + yesNo;
  const { file } = await converted(diagram(start + node("subProcess", "X", "Inner", inner) + path("S", "X")));
  assert.ok(file.element("X").children.some(({ attributes }) => attributes.get("id") === "Activity_ask_G"));
});

Deno.test("the question of a gateway can be decided", async () => {
  const { file } = await converted(decision(yesNo), {
    mapping: { elements: { G: { question: "Is it ready for the client?" } } },
  });
  assert.equal(file.properties("T")["UF_RESULT_QUESTION"], "Is it ready for the client?");
});

Deno.test("an id that is taken already is not taken again", async () => {
  const { file } = await converted(
    diagram(
      start + node("exclusiveGateway", "G", "Ready?") + node("task", "Activity_ask_G") + ends + path("S", "G") + yesNo +
        path("A", "Activity_ask_G"),
    ),
  );
  assert.equal(file.condition("G_A"), asks("Activity_ask_G_2"));
});
