import assert from "node:assert/strict";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { converted, problems } from "./converting.ts";
import { diagram, file, flow, NAMESPACES, node, path } from "./drawing.ts";

const PROCESS = node("startEvent", "S") + node("task", "T", "Do") + path("S", "T");

async function onlyProblem(xml: string) {
  const found = await problems(xml);
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0];
}

for (
  const [what, source, reason, line] of [
    ["an empty file", " \n", /^The file is empty\.$/, undefined],
    ["text", "Dear colleagues", /not XML: it begins with «Dear colleagues»/, 1],
    ["JSON", '{"id": 1}', /not XML/, 1],
    ["HTML", "<html><body></body></html>", /not BPMN: its root is <html>/, 1],
    ["a truncated file", diagram(PROCESS).slice(0, -40), /not well-formed/, 2],
    ["a tag that is not closed", diagram(`${PROCESS}<bpmn:task id="X">`), /not well-formed/, 2],
    ["definitions of another standard", '<definitions xmlns="urn:x"/>', /not BPMN 2\.0/, undefined],
    ["an entity bomb", `<!DOCTYPE x [<!ENTITY a "aaaa">]>\n<x>&a;</x>`, /document type declaration/, 1],
    ["an unknown entity", diagram(PROCESS.replace("Do", "a\n&nbsp;b")), /&nbsp; is no entity/, 3],
    ["a forbidden character", diagram(PROCESS.replace("Do", "a&#1;b")), /character that XML forbids/, 2],
    ["no process", file('<bpmn:message id="M" />'), /no process in the diagram/, undefined],
    ["an element that BPMN does not have", diagram(`${PROCESS}\n<bpmn:thing />`), /<bpmn:thing> cannot be read/, 3],
  ] as const
) {
  Deno.test(`${what} is refused with a message${line === undefined ? "" : " and the line"}`, async () => {
    const problem = await onlyProblem(source);
    assert.match(problem?.reason ?? "", reason);
    assert.equal(problem?.line, line);
  });
}

Deno.test("a file of 50 MB is refused before it is parsed", async () => {
  const problem = await onlyProblem(diagram(`<!--${"x".repeat(50 * 1024 * 1024)}-->${PROCESS}`));
  assert.match(problem?.reason ?? "", /has \d+ bytes; at most 16777216 are read/);
});

Deno.test("elements nested thousands deep are refused", async () => {
  const deep = "<bpmn:subProcess>".repeat(5_000) + "</bpmn:subProcess>".repeat(5_000);
  assert.match((await problems(diagram(PROCESS + deep)))[0]?.reason ?? "", /nested more than 200 levels deep/);
});

Deno.test("two elements with one id are refused with the line of the second", async () => {
  const problem = await onlyProblem(diagram(`${PROCESS}\n${node("task", "T")}`));
  assert.deepEqual(problem, { reason: 'Two elements have the id "T".', line: 3 });
});

Deno.test("a step without an id is refused", async () => {
  assert.match(
    (await onlyProblem(diagram(`${PROCESS}<bpmn:task name="Sign" />`)))?.reason ?? "",
    /«Sign» .*it has no id/,
  );
});

Deno.test("an empty process is refused by name", async () => {
  const problem = await onlyProblem(diagram("", { process: 'id="P" name="Nothing yet"' }));
  assert.equal(problem?.elementId, "P");
  assert.match(problem?.reason ?? "", /«Nothing yet» \(P\): the process is empty/);
});

Deno.test("references to what is not there are refused, all at once, with element and line", async () => {
  const found = await problems(diagram(`${PROCESS}\n${flow("T", "Gone", "on")}
    ${node('boundaryEvent attachedToRef="Nobody"', "B", "Late")}`));
  assert.deepEqual(
    found.map(({ elementId, line, reason }) => [elementId, line, reason]),
    [
      ["T_Gone", 3, '«on» (T_Gone): its targetRef names "Gone", which the file does not have.'],
      ["B", 4, '«Late» (B): its attachedToRef names "Nobody", which the file does not have.'],
    ],
  );
});

Deno.test("a lane that names a step that is not there is refused", async () => {
  const lanes =
    '<bpmn:laneSet id="L"><bpmn:lane id="L1"><bpmn:flowNodeRef>Gone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>';
  assert.match((await onlyProblem(diagram(lanes + PROCESS)))?.reason ?? "", /flowNodeRef names "Gone"/);
});

Deno.test("a flow that crosses the border of a sub-process is refused", async () => {
  const inner = node("startEvent", "S2") + node("task", "T2") + path("S2", "T2");
  const found = await onlyProblem(
    diagram(`${PROCESS}${node("subProcess", "X", "Inner", inner)}${path("T", "X")}${flow("T", "T2")}`),
  );
  assert.match(found?.reason ?? "", /T_T2.* crosses the border/);
});

Deno.test("a flow that is written in the wrong place is moved to where its ends are", async () => {
  const inner = node("startEvent", "S2") + node("task", "T2");
  const { file } = await converted(
    diagram(`${PROCESS}${node("subProcess", "X", "Inner", inner)}${path("T", "X")}${flow("S2", "T2")}`),
  );
  assert.ok(file.element("X").children.some(({ attributes }) => attributes.get("id") === "S2_T2"));
});

Deno.test("incoming and outgoing are made of the flows, whatever the file says", async () => {
  const wrong = node("task", "T", "Do", "<bpmn:incoming>Gone</bpmn:incoming><bpmn:outgoing>S_T</bpmn:outgoing>");
  const { file } = await converted(diagram(node("startEvent", "S") + wrong + path("S", "T")));
  const of = (name: string) =>
    file.element("T").children.filter((child) => child.name === name).map(({ text }) => text);
  assert.deepEqual(of("incoming"), ["S_T"]);
  assert.deepEqual(of("outgoing"), []);
});

Deno.test("comments and unknown attributes are left out, and the report says so", async () => {
  const { file, report } = await converted(diagram(`<!-- todo -->${PROCESS.replace('id="T"', 'id="T" colour="red"')}`));
  assert.doesNotMatch(file.xml, /todo|colour/);
  assert.deepEqual(report.filter(({ kind }) => kind === "left_out").map(({ reason }) => reason), [
    "XML comments are not kept (1).",
    "BPMN has no attribute colour here.",
  ]);
});

Deno.test("Windows line ends, a byte order mark and booleans as digits are read as what they mean", async () => {
  const drawn = diagram(
    PROCESS +
      node(
        "task",
        "M",
        "Many",
        '<bpmn:multiInstanceLoopCharacteristics isSequential="1"><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>',
      ) + path("T", "M"),
  );
  const { file } = await converted(`\ufeff${drawn.replaceAll("\n", "\r\n")}`);
  assert.equal(file.child("M", "multiInstanceLoopCharacteristics")?.attributes.get("isSequential"), "true");
});

Deno.test("a shape of nothing is left out of the picture", async () => {
  const shape =
    '<bpmndi:BPMNShape id="X" bpmnElement="Gone"><dc:Bounds x="0" y="0" width="1" height="1" /></bpmndi:BPMNShape>';
  const picture =
    `<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="PL" bpmnElement="P">${shape}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`;
  const { file, told } = await converted(diagram(PROCESS, { picture }));
  assert.equal(file.has("X"), false);
  assert.ok(told.includes("left_out X"));
});

Deno.test("nothing in a source makes the conversion throw", async () => {
  for (
    const source of ["<", "<a", "<!--", "<?xml", "<a:b:c/>", "\u0000", `<definitions ${NAMESPACES}>`, "<definitions/>"]
  ) {
    assert.equal((await convert(source)).kind, "refused", source);
  }
});
