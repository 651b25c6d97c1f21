import assert from "node:assert/strict";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { converted, problems } from "./converting.ts";
import { diagram, flow, node, path } from "./drawing.ts";

const DRAWN = diagram(
  node("startEvent", "S") + node("userTask", "Check", "Check the papers") +
    node("exclusiveGateway", "G", "Papers complete?") +
    node("task", "Sign") + node("endEvent", "E") + node("endEvent", "E2") +
    path("S", "Check", "G") + flow("G", "Sign", "Да") + flow("G", "E2", "Нет") + path("Sign", "E"),
  { process: 'id="P" name="Papers" isExecutable="false"' },
);

Deno.test("a drawn process with a question becomes executable, with external tasks and conditions on the answer", async () => {
  const { file } = await converted(DRAWN);

  assert.equal(file.attribute("P", "isExecutable"), "true");
  assert.equal(file.attribute("P", "historyTimeToLive"), "365");
  assert.equal(file.attribute("P", "name"), "Papers");
  for (const id of ["Check", "Sign"]) {
    assert.equal(file.type(id), "serviceTask");
    assert.equal(file.attribute(id, "type"), "external");
    assert.equal(file.attribute(id, "topic"), "bitrix_create_task");
  }
  assert.deepEqual(file.properties("Check"), { UF_RESULT_EXPECTED: "true", UF_RESULT_QUESTION: "Papers complete?" });
  assert.equal(file.condition("G_Sign"), '${execution.getVariable("Check") == "ok"}');
  assert.equal(file.condition("G_E2"), '${execution.getVariable("Check") != "ok"}');
});

Deno.test("the report names each task that is done differently from how it was drawn", async () => {
  const { report } = await converted(DRAWN);
  assert.deepEqual(report.find(({ elementId }) => elementId === "Check"), {
    kind: "mapped",
    rule: "tasks",
    elementId: "Check",
    elementName: "Check the papers",
    elementType: "UserTask",
    reason: "It is an external task with the topic bitrix_create_task.",
  });
});

Deno.test("the same input gives the same bytes", async () => {
  assert.deepEqual(await convert(DRAWN), await convert(DRAWN));
});

Deno.test("in strict mode a loss is a refusal that names the element", async () => {
  const drawn = diagram(
    node("startEvent", "S") + node("adHocSubProcess", "A", "Any order", node("task", "T")) + path("S", "A"),
  );
  assert.ok((await converted(drawn)).told.includes("lost A"));
  const [problem] = await problems(drawn, { strict: true });
  assert.equal(problem?.elementId, "A");
  assert.equal(problem?.line, 2);
});

Deno.test("texts with quotes, line breaks and entities come through unchanged", async () => {
  const drawn = diagram(
    node("startEvent", "S") +
      node(
        "task",
        "T",
        "a &quot;b&quot; &amp;nbsp; &lt;c&gt;&#10;d",
        "<bpmn:documentation>1 &lt; 2 &amp; <![CDATA[<p>&nbsp;</p>]]></bpmn:documentation>",
      ) +
      path("S", "T"),
  );
  const { file } = await converted(drawn);
  assert.equal(file.attribute("T", "name"), 'a "b" &nbsp; <c>\nd');
  assert.equal(file.child("T", "documentation")?.text, "1 < 2 & <p>&nbsp;</p>");
});

Deno.test("elements and attributes of other namespaces are kept", async () => {
  const drawn = diagram(
    node("startEvent", "S") +
      node(
        'task storm:ExternalUrl="https://x/1" xmlns:q="urn:q" q:a="1"',
        "T",
        "Do",
        '<bpmn:extensionElements><q:note level="2">text<q:deep /></q:note></bpmn:extensionElements>',
      ) + path("S", "T"),
  );
  const { file } = await converted(drawn);
  assert.match(file.xml, /storm:ExternalUrl="https:\/\/x\/1"/);
  assert.match(file.xml, /q:a="1"/);
  assert.match(file.xml, /<q:note level="2">text/);
  assert.match(file.xml, /<q:deep \/>/);
});

for (const prefix of ["bpmn2:", ""]) {
  Deno.test(`a file whose elements are named ${prefix === "" ? "without a prefix" : `with ${prefix}`} keeps its names`, async () => {
    const drawn = DRAWN.replaceAll("bpmn:", prefix).replace("xmlns:bpmn=", prefix === "" ? "xmlns=" : "xmlns:bpmn2=");
    const { file } = await converted(drawn);
    assert.match(file.xml, new RegExp(`<${prefix}serviceTask id="Check"`));
    assert.match(file.xml, new RegExp(`xsi:type="${prefix}tFormalExpression"`));
  });
}
