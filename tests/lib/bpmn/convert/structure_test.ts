import assert from "node:assert/strict";
import { converted, problems } from "./converting.ts";
import { definition, diagram, flow, node, path } from "./drawing.ts";

const start = node("startEvent", "S");

Deno.test("a sub-process with content stays, with its own steps converted", async () => {
  const inner = node("startEvent", "S2") + node("userTask", "T2") + path("S2", "T2");
  const { file } = await converted(diagram(start + node("subProcess", "X", "Inner", inner) + path("S", "X")));
  assert.equal(file.type("X"), "subProcess");
  assert.equal(file.type("T2"), "serviceTask");
});

Deno.test("a sub-process without content is one task: the engine refuses an empty one", async () => {
  const { file, told } = await converted(diagram(start + node("subProcess", "X", "Elsewhere") + path("S", "X")));
  assert.equal(file.type("X"), "serviceTask");
  assert.ok(told.includes("mapped X"));
});

Deno.test("a transaction stays one", async () => {
  const inner = node("startEvent", "S2") + node("endEvent", "C", "Give up", definition("cancel")) + path("S2", "C");
  const { file } = await converted(diagram(start + node("transaction", "X", "Pay", inner) + path("S", "X")));
  assert.equal(file.type("X"), "transaction");
  assert.ok(file.child("C", "cancelEventDefinition"));
});

Deno.test("the steps of an ad-hoc sub-process begin together, which is reported as a loss", async () => {
  const { file, told } = await converted(
    diagram(start + node("adHocSubProcess", "X", "Any", node("task", "A") + node("task", "B")) + path("S", "X")),
  );
  assert.equal(file.type("X"), "subProcess");
  assert.equal(file.attribute("Flow_start_A", "sourceRef"), "StartEvent_X");
  assert.equal(file.attribute("Flow_start_B", "sourceRef"), "StartEvent_X");
  assert.ok(told.includes("lost X"));
});

Deno.test("a process without a start event begins with what nothing leads to", async () => {
  const { file } = await converted(diagram(node("task", "A") + node("task", "B") + path("A", "B")));
  assert.equal(file.attribute("Flow_start_A", "sourceRef"), "StartEvent_P");
  assert.equal(file.has("Flow_start_B"), false);
});

Deno.test("a process in which everything follows something cannot begin", async () => {
  const [problem] = await problems(diagram(node("task", "A") + node("task", "B") + path("A", "B", "A")));
  assert.equal(problem?.elementId, "P");
});

Deno.test("of several plain start events one starts by hand, the others by messages", async () => {
  const drawn = start + node("startEvent", "S2", "By phone") + node("task", "T") + path("S", "T") + path("S2", "T");
  const { file, told } = await converted(diagram(drawn));
  assert.equal(file.element("S").children.some(({ name }) => name.endsWith("Definition")), false);
  assert.equal(file.attribute("Message_S2", "name"), "P.S2");
  assert.ok(told.includes("mapped S2"));
});

Deno.test("the further start events of a sub-process follow its first", async () => {
  const inner = node("startEvent", "A") + node("startEvent", "B") + node("task", "T") + path("A", "T") + path("B", "T");
  const { file } = await converted(diagram(start + node("subProcess", "X", "x", inner) + path("S", "X")));
  assert.equal(file.type("B"), "intermediateThrowEvent");
  assert.equal(file.attribute("Flow_start_B", "sourceRef"), "A");
});

Deno.test("a complex gateway becomes an inclusive one, which is reported as a loss", async () => {
  const { file, told } = await converted(
    diagram(start + node("complexGateway", "G") + node("task", "T") + path("S", "G", "T")),
  );
  assert.equal(file.type("G"), "inclusiveGateway");
  assert.ok(told.includes("lost G"));
});

Deno.test("an exclusive gateway that leads nowhere ends its path", async () => {
  const { file } = await converted(diagram(start + node("exclusiveGateway", "G") + path("S", "G")));
  assert.equal(file.attribute("Flow_end_G", "targetRef"), "Event_end_G");
  assert.equal(file.type("Event_end_G"), "endEvent");
});

Deno.test("a multi-instance marker alone says nothing: the task runs once, and that is reported", async () => {
  const mi = "<bpmn:multiInstanceLoopCharacteristics />";
  const { file, told } = await converted(diagram(start + node("task", "T", "Each", mi) + path("S", "T")));
  assert.equal(file.child("T", "multiInstanceLoopCharacteristics"), undefined);
  assert.ok(told.includes("lost T"));
});

Deno.test("the list of a multi-instance task can be decided in the mapping file", async () => {
  const mi = '<bpmn:multiInstanceLoopCharacteristics isSequential="true" />';
  const { file } = await converted(diagram(start + node("task", "T", "Each", mi) + path("S", "T")), {
    mapping: { elements: { T: { collection: "${approvers}", elementVariable: "approver" } } },
  });
  const { attributes } = file.child("T", "multiInstanceLoopCharacteristics") ?? {};
  assert.equal(attributes?.get("{http://camunda.org/schema/1.0/bpmn}collection"), "${approvers}");
  assert.equal(attributes?.get("{http://camunda.org/schema/1.0/bpmn}elementVariable"), "approver");
  assert.equal(attributes?.get("isSequential"), "true");
});

Deno.test("a list that is named by loopDataInputRef alone is the engine's variable", async () => {
  const mi =
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>people</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>";
  const { file } = await converted(diagram(start + node("task", "T", "Each", mi) + path("S", "T")));
  const { attributes } = file.child("T", "multiInstanceLoopCharacteristics") ?? {};
  assert.equal(attributes?.get("{http://camunda.org/schema/1.0/bpmn}collection"), "people");
});

Deno.test("a loop with a condition runs once in Camunda, and that is reported", async () => {
  const { told } = await converted(
    diagram(start + node("task", "T", "Again", "<bpmn:standardLoopCharacteristics />") + path("S", "T")),
  );
  assert.ok(told.includes("lost T"));
});

Deno.test("a step that nothing leads to is reported: it never runs", async () => {
  const { told } = await converted(
    diagram(start + node("task", "T") + node("task", "U") + node("task", "V") + path("S", "T") + flow("U", "V")),
  );
  assert.deepEqual(told.filter((entry) => entry.startsWith("lost")), ["lost U", "lost V"]);
});
