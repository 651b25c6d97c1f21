import assert from "node:assert/strict";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { diffModels } from "../../../../lib/sync/diff/diff_models.ts";
import { diffText } from "../../../../lib/sync/diff/diff_text.ts";
import type { ModelDiff } from "../../../../lib/sync/diff/model_diff.ts";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { definition, diagram, file, flow, node, path, timer } from "../../bpmn/convert/drawing.ts";

const plain = node("startEvent", "S") + node("userTask", "T", "Check papers") + node("endEvent", "E") +
  path("S", "T", "E");

/** `~ T name: Check papers → Check`, `+ X`, `- Y`. */
function shortly({ added, removed, changed }: ModelDiff): string[] {
  return [
    ...added.map(({ id }) => `+ ${id}`),
    ...removed.map(({ id }) => `- ${id}`),
    ...changed.flatMap(({ id, changes }) =>
      changes.map(({ aspect, detail, before = "∅", after = "∅" }) =>
        `~ ${id} ${aspect}${detail === undefined ? "" : ` ${detail}`}: ${before} → ${after}`
      )
    ),
  ];
}

async function difference(before: string, after: string): Promise<string[]> {
  return shortly(await diffModels(before, after));
}

Deno.test("a file does not differ from itself, whatever it has", async () => {
  for (const { name, xml } of drawnDiagrams) {
    assert.deepEqual(await difference(xml, xml), [], name);
  }
});

Deno.test("order, layout, prefixes, white space, inner ids and written-out defaults make no difference", async () => {
  const event = (id: string, inner: string) =>
    node(`boundaryEvent attachedToRef="T"`, id, undefined, definition("timer", inner));
  const before = diagram(
    plain + event("B", `<bpmn:timeDuration id="x1" xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>`),
  );
  const after = file(`
    <bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P_di" bpmnElement="P"/></bpmndi:BPMNDiagram>
    <bpmn:process id="P">${path("S", "T", "E")}
      <bpmn:boundaryEvent id="B" cancelActivity="true" attachedToRef="T">
        <bpmn:timerEventDefinition id="other">
          <bpmn:timeDuration xsi:type="bpmn:tFormalExpression"> PT1H </bpmn:timeDuration>
        </bpmn:timerEventDefinition>
      </bpmn:boundaryEvent>
      <bpmn:endEvent id="E"/> <bpmn:userTask id="T" name="Check&#10;papers"/> <bpmn:startEvent id="S"/>
    </bpmn:process>`).replaceAll("bpmn:", "m:").replaceAll("xmlns:bpmn=", "xmlns:m=").replaceAll("storm:", "st:")
    .replaceAll("xmlns:storm", "xmlns:st");
  assert.deepEqual(await difference(before, after), []);
});

Deno.test("elements that came, went and changed are told with what changed", async () => {
  const before = diagram(
    node("startEvent", "S") + node("userTask", "T", "Check papers") + node("endEvent", "E") + path("S", "T", "E"),
  );
  const after = diagram(
    node("startEvent", "S") + node("sendTask", "T", "Check all papers") + node("task", "N", "New") +
      flow("S", "T") + `<bpmn:sequenceFlow id="T_E" sourceRef="T" targetRef="N" name="да"/>`,
  );
  assert.deepEqual(await difference(before, after), [
    "+ N",
    "- E",
    "~ T kind: UserTask → SendTask",
    "~ T name: Check papers → Check all papers",
    "~ T_E name: ∅ → да",
    "~ T_E target: EndEvent E → «New» (N)",
  ]);
});

Deno.test("what the engine acts on is compared: topics, scripts, conditions, timers, loops, called processes", async () => {
  const steps = (topic: string, script: string, condition: string, time: string, times: string, key: string) =>
    diagram(
      node("startEvent", "S", undefined, timer(time)) +
        node(`serviceTask camunda:type="external" camunda:topic="${topic}"`, "T") +
        node(`scriptTask scriptFormat="javascript"`, "C", undefined, `<bpmn:script>${script}</bpmn:script>`) +
        node(
          "userTask",
          "M",
          undefined,
          `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>${times}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`,
        ) + node(`callActivity calledElement="${key}"`, "A") + node("exclusiveGateway", "G") +
        path("S", "T", "C", "M", "A", "G") + flow("G", "T", undefined, condition),
    );
  const changes = await difference(
    steps("one", "a();", "${a}", "PT1H", "2", "child"),
    steps("two", "b();", "${b}", "PT2H", "3", "other"),
  );
  assert.deepEqual(changes, [
    "~ A called process: child → other",
    "~ C script: a(); → b();",
    "~ G_T condition: ${a} → ${b}",
    "~ M loop: MultiInstanceLoopCharacteristics(loopCardinality=Expression(body=2)) → " +
    "MultiInstanceLoopCharacteristics(loopCardinality=Expression(body=3))",
    "~ S event: timer timeDuration PT1H → timer timeDuration PT2H",
    "~ T topic: one → two",
  ]);
});

Deno.test("properties are compared one by one, and which drawing it was made of does not count", async () => {
  const withProperties = (...properties: readonly (readonly [string, string])[]) =>
    diagram(
      plain.replace(
        `name="Check papers" />`,
        `name="Check papers"><bpmn:extensionElements><camunda:properties>${
          properties.map(([name, value]) => `<camunda:property name="${name}" value="${value}"/>`).join("")
        }</camunda:properties></bpmn:extensionElements></bpmn:userTask>`,
      ),
    );
  assert.deepEqual(
    await difference(
      withProperties(["assigneeId", "17"], ["retries", "3"], ["stormVersion", "1"]),
      withProperties(["stormVersion", "2"], ["assigneeId", "18"]),
    ),
    ["~ T property assigneeId: 17 → 18", "~ T property retries: 3 → ∅"],
  );
});

Deno.test("a step that moves to another lane or sub-process is a change of the step", async () => {
  const lanes = (first: string, second: string) =>
    `<bpmn:laneSet id="L"><bpmn:lane id="L1" name="One">${first}</bpmn:lane><bpmn:lane id="L2" name="Two">${second}</bpmn:lane></bpmn:laneSet>`;
  const refers = "<bpmn:flowNodeRef>T</bpmn:flowNodeRef>";
  assert.deepEqual(await difference(diagram(lanes(refers, "") + plain), diagram(lanes("", refers) + plain)), [
    "~ T lane: «One» (L1) → «Two» (L2)",
  ]);
  const inner = node("task", "I");
  assert.deepEqual(
    await difference(
      diagram(node("subProcess", "A", "A", inner) + node("subProcess", "B", "B")),
      diagram(node("subProcess", "A", "A") + node("subProcess", "B", "B", inner)),
    ),
    ["~ I inside: «A» (A) → «B» (B)"],
  );
});

Deno.test("messages are compared by their names, whatever their ids", async () => {
  const receiving = (id: string, name: string) =>
    diagram(node(`receiveTask messageRef="${id}"`, "R"), {
      beside: `<bpmn:message id="${id}" name="${name}"/>`,
    });
  assert.deepEqual(await difference(receiving("M1", "paid"), receiving("M2", "paid")), []);
  assert.deepEqual(await difference(receiving("M1", "paid"), receiving("M1", "refused")), [
    "~ R message: «paid» (M1) → «refused» (M1)",
  ]);
});

Deno.test("attributes of other namespaces count under any prefix", async () => {
  const described = (prefix: string, text: string) =>
    diagram(node(`task ${prefix}:HTMLDescription="${text}"`, "T")).replace("xmlns:storm", `xmlns:${prefix}`);
  assert.deepEqual(await difference(described("storm", "a"), described("s", "a")), []);
  assert.deepEqual(await difference(described("storm", "a"), described("s", "b")), [
    "~ T attribute s:HTMLDescription: a → b",
  ]);
});

Deno.test("a converted diagram differs from the same one of another version in nothing", async () => {
  const [{ xml } = { xml: "" }] = drawnDiagrams;
  const made = async (version: string) => {
    const result = await convert(xml, { diagram: { id: "d", version, updatedOn: `2030-01-0${version}` } });
    assert.equal(result.kind, "converted");
    return result.xml;
  };
  const [first, second] = [await made("1"), await made("2")];
  assert.notEqual(first, second);
  const compared = await diffModels(first, second);
  assert.equal(compared.same, true);
  assert.equal(diffText(compared), "No differences.\n");
});

Deno.test("the text form names elements as people know them", async () => {
  const before = diagram(plain);
  const after = diagram(plain.replace("Check papers", "Проверить документы") + node("task", "N", "New"));
  const compared = await diffModels(before, after);
  assert.equal(
    diffText(compared),
    [
      "1 added, 0 removed, 1 changed",
      "  + Task «New» (N) in P",
      "  ~ UserTask «Проверить документы» (T) in P",
      "      name: Check papers → Проверить документы",
      "",
    ].join("\n"),
  );
  assert.deepEqual(JSON.parse(JSON.stringify(compared)), compared);
});

Deno.test("a file that is no BPMN is refused, and which of the two it was is said", async () => {
  await assert.rejects(diffModels("hello", diagram(plain)), /^Error: The first file cannot be compared\. .*not XML/);
  await assert.rejects(
    diffModels(diagram(plain), "<a/>"),
    /^Error: The second file cannot be compared\. .*root is <a>/,
  );
});
