import assert from "node:assert/strict";
import { renderSvg } from "../../../../lib/sync/render/render_svg.ts";
import { definition } from "../../bpmn/convert/drawing.ts";
import { diagram, node, picture } from "./picturing.ts";

const loops = [
  "<bpmn:standardLoopCharacteristics/>",
  '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>',
  "<bpmn:multiInstanceLoopCharacteristics/>",
];

const events = {
  startEvent: ["message", "timer", "signal", "conditional", "error", "escalation", "compensate"],
  intermediateCatchEvent: ["message", "timer", "signal", "conditional", "link"],
  intermediateThrowEvent: ["message", "signal", "escalation", "compensate", "link"],
  endEvent: ["message", "signal", "error", "escalation", "compensate", "cancel", "terminate"],
};

/** What people must be able to tell apart by its picture, as the element `T`. */
const kinds: readonly string[] = [
  ...["task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask"],
  ...["callActivity", "subProcess", 'subProcess triggeredByEvent="true"', "transaction", "adHocSubProcess"],
  'task isForCompensation="true"',
  ...["exclusive", "inclusive", "parallel", "complex", "eventBased"].map((kind) => `${kind}Gateway`),
  'eventBasedGateway instantiate="true"',
  'eventBasedGateway instantiate="true" eventGatewayType="Parallel"',
  ...["dataObjectReference", 'dataObjectReference dataObjectRef="O"', "dataStoreReference", "group"],
  ...["startEvent", "intermediateThrowEvent", "endEvent"],
].map((type) => node(type, "T"));

const detailed: readonly string[] = [
  ...loops.map((loop) => node("task", "T", undefined, loop)),
  ...Object.entries(events).flatMap(([type, all]) => all.map((kind) => node(type, "T", undefined, definition(kind)))),
  node("startEvent", "T", undefined, definition("message") + definition("timer")),
  node('startEvent parallelMultiple="true"', "T", undefined, definition("message") + definition("timer")),
  node('startEvent isInterrupting="false"', "T", undefined, definition("timer")),
  node('boundaryEvent attachedToRef="H" cancelActivity="false"', "T", undefined, definition("timer")),
];

Deno.test("kinds of steps, events, gateways and data are told apart by what is drawn, not by their names", async () => {
  const beside = '<bpmn:dataObject id="O" isCollection="true"/><bpmn:task id="H"/>';
  const seen = new Map<string, string>();
  for (const kind of [...kinds, ...detailed]) {
    const drawn = (await renderSvg(diagram(kind + beside, picture("T")))).replace(/<title>.*?<\/title>/, "");
    assert.equal(seen.get(drawn), undefined, kind);
    seen.set(drawn, kind);
  }
});

Deno.test("the name of a group is that of its category, and lies over what is in the group", async () => {
  const group =
    '<bpmn:group id="G" categoryValueRef="V"/></bpmn:process><bpmn:category id="C"><bpmn:categoryValue id="V" value="Проверки"/></bpmn:category><bpmn:process id="Q">';
  const svg = await renderSvg(diagram(node("task", "T") + group, picture("G") + picture("T")));
  assert.ok(svg.lastIndexOf("Проверки") > svg.lastIndexOf("data-element-id"));
});

Deno.test("message flows are drawn over the steps that they begin at", async () => {
  const collaboration = (inner: string) =>
    diagram(node("task", "T")).replace(
      "<bpmn:process",
      `<bpmn:collaboration id="C"><bpmn:participant id="A"/><bpmn:participant id="B" processRef="P"/>${inner}</bpmn:collaboration><bpmn:process`,
    );
  const edge =
    '<bpmndi:BPMNEdge bpmnElement="F"><di:waypoint x="150" y="100"/><di:waypoint x="150" y="0"/></bpmndi:BPMNEdge>';
  const svg = await renderSvg(
    collaboration('<bpmn:messageFlow id="F" sourceRef="T" targetRef="A"/>').replace(
      "</bpmn:definitions>",
      `<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="D_P" bpmnElement="C">${edge}${
        picture("T")
      }</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`,
    ),
  );
  assert.ok(svg.indexOf('data-element-id="F"') > svg.indexOf('data-element-id="T"'));
});

Deno.test("colours are taken from the attributes of bpmn.io and from those of the standard", async () => {
  const coloured = async (extra: string) => await renderSvg(diagram(node("task", "T"), picture("T", { extra })));
  const bpmnIo = await coloured(
    'xmlns:b="http://bpmn.io/schema/bpmn/biocolor/1.0" b:stroke="#43a047" b:fill="#c8e6c9"',
  );
  const standard = await coloured(
    'xmlns:c="http://www.omg.org/spec/BPMN/non-normative/color/1.0" c:border-color="#43a047" c:background-color="#c8e6c9"',
  );
  assert.equal(bpmnIo, standard);
  assert.ok(bpmnIo.includes("#c8e6c9"));
});
