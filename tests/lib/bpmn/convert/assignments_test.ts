import assert from "node:assert/strict";
import { mappingSchema } from "../../../../lib/bpmn/convert/mapping.ts";
import { converted } from "./converting.ts";
import { diagram, file, node, path } from "./drawing.ts";

const drawn = diagram(node("startEvent", "S") + node("task", "T", "Do") + path("S", "T"));

Deno.test("the assignee of a record becomes properties of the task", async () => {
  const { file } = await converted(drawn, {
    records: [{ elementId: "T", assigneeId: "4711", assigneeName: " Warehouse lead " }],
  });
  assert.deepEqual(file.properties("T"), { assigneeName: "Warehouse lead", assigneeId: "4711" });
});

Deno.test("of several records the first with an assignee and the first with a checklist count, and that is reported", async () => {
  const { file, told } = await converted(drawn, {
    records: [
      { elementId: "T", description: "<p>Nothing to tick off</p>" },
      { elementId: "T", assigneeId: "1", assigneeName: "First", description: "<p>ЧЕКЛИСТ: A</p><ul><li>1</li></ul>" },
      { elementId: "T", assigneeId: "2", assigneeName: "Second", description: "<p>ЧЕКЛИСТ: B</p><ul><li>2</li></ul>" },
    ],
  });
  assert.deepEqual(file.properties("T"), {
    assigneeName: "First",
    assigneeId: "1",
    checklists: '[{"name":"A","items":["1"]}]',
  });
  assert.ok(told.includes("lost T"));
});

Deno.test("a record without an assignee writes nothing", async () => {
  const { file } = await converted(drawn, { records: [{ elementId: "T", assigneeId: undefined, assigneeName: " " }] });
  assert.deepEqual(file.properties("T"), {});
});

Deno.test("a property that is there already is set, not doubled", async () => {
  const inner =
    '<bpmn:extensionElements><camunda:properties><camunda:property name="assigneeId" value="1" /></camunda:properties></bpmn:extensionElements>';
  const { file } = await converted(drawn.replace(node("task", "T", "Do"), node("task", "T", "Do", inner)), {
    records: [{ elementId: "T", assigneeId: "2" }],
  });
  assert.equal(file.all("property").length, 1);
  assert.deepEqual(file.properties("T"), { assigneeId: "2" });
});

Deno.test("without records, what StormBPMN wrote into the drawing counts", async () => {
  const attributes =
    'storm:StormAssignee="7" storm:HTMLDescription="&lt;p&gt;ЧЕКЛИСТ: A&lt;/p&gt;&lt;ul&gt;&lt;li&gt;1&lt;/li&gt;&lt;/ul&gt;"';
  const { file } = await converted(drawn.replace('id="T"', `id="T" ${attributes}`));
  assert.deepEqual(file.properties("T"), { assigneeId: "7", checklists: '[{"name":"A","items":["1"]}]' });
});

Deno.test("checklists of a linked task are those that were fetched; a link that was not is a loss", async () => {
  const records = [{
    elementId: "T",
    description: '<p>ЧЕКЛИСТ: <a href="https://portal/tasks/task/view/12/">list</a></p>',
  }];
  const fetched = new Map([["12", [{
    name: "Docs",
    items: [{ text: "Invoice", items: [{ text: "Stamp", items: [] }] }],
  }]]]);
  const { file } = await converted(drawn, { records, linkedChecklists: fetched });
  assert.equal(file.properties("T")["checklists"], '[{"name":"Docs","items":[{"name":"Invoice","items":["Stamp"]}]}]');
  assert.ok((await converted(drawn, { records })).told.includes("lost T"));
});

Deno.test("the drawing that a process was made of stays with it", async () => {
  const { file } = await converted(drawn, { diagram: { id: "d-1", version: "12", updatedOn: "2030-01-31T08:00:00" } });
  assert.deepEqual(file.properties("P"), {
    stormDiagramId: "d-1",
    stormVersion: "12",
    stormUpdatedOn: "2030-01-31T08:00:00",
  });
});

const laneOf = (id: string, name: string, ...nodes: readonly string[]) =>
  `<bpmn:lane id="${id}" name="${name}">${
    nodes.map((node) => `<bpmn:flowNodeRef>${node}</bpmn:flowNodeRef>`).join("")
  }</bpmn:lane>`;
const inLanes = file(
  '<bpmn:collaboration id="C"><bpmn:participant id="Po" name="Works" processRef="P" /></bpmn:collaboration>' +
    `<bpmn:process id="P"><bpmn:laneSet id="LS">${laneOf("L1", "Accounting", "T", "U")}${
      laneOf("L2", "Stock", "V")
    }</bpmn:laneSet>` +
    node("startEvent", "S") + node("task", "T") + node("task", "U") + node("task", "V") + path("S", "T", "U", "V") +
    "</bpmn:process>",
);

Deno.test("markers go before the mapping file's elements, those before lanes, those before pools and the default", async () => {
  const { file } = await converted(inLanes, {
    records: [{ elementId: "T", description: "Please [[topic: op_create_task]] here" }],
    mapping: mappingSchema.parse({
      elements: { T: { topic: "1c_sync_data", retries: 5 }, U: { topic: "1c_update_document" } },
      lanes: { Accounting: { system: "1c", assignee: "17" } },
      pools: { Works: { topic: "send_email", assignee: { id: 1, name: "Boss" } } },
      default: { retries: 2 },
    }),
  });
  const topics = ["T", "U", "V"].map((id) => file.attribute(id, "topic"));
  assert.deepEqual(topics, ["op_create_task", "1c_update_document", "send_email"]);
  assert.deepEqual(file.properties("T"), { assigneeId: "17", retries: "5" });
  assert.deepEqual(file.properties("V"), { assigneeName: "Boss", assigneeId: "1", retries: "2" });
});

Deno.test("what is decided for one process goes before what is decided for all", async () => {
  const { file } = await converted(inLanes, {
    mapping: mappingSchema.parse({
      lanes: { Accounting: { topic: "bitrix_create_deal" } },
      processes: {
        P: { lanes: { Accounting: { system: "openproject" } }, default: { assignee: { name: "Head", id: "15" } } },
      },
    }),
  });
  assert.equal(file.attribute("T", "topic"), "op_create_task");
  assert.deepEqual(file.properties("V"), { assigneeName: "Head", assigneeId: "15" });
});

Deno.test("the assignee of a record goes before that of a lane or default, but not before one decided for the element", async () => {
  const mapping = mappingSchema.parse({ default: { assignee: "1" }, elements: { U: { assignee: "3" } } });
  const records = ["T", "U"].map((elementId) => ({ elementId, assigneeId: "2" }));
  const { file } = await converted(inLanes, { mapping, records });
  assert.deepEqual(["T", "U", "V"].map((id) => file.properties(id)["assigneeId"]), ["2", "3", "1"]);
});

Deno.test("further properties and names of several words can be decided by markers", async () => {
  const records = [{
    elementId: "T",
    description: "[[assignee = 12]]<br>[[assigneeName: Head of <b>sales</b>]] [[property.GROUP_ID: 7]]",
  }];
  const { file } = await converted(drawn, { records });
  assert.deepEqual(file.properties("T"), { assigneeName: "Head of sales", assigneeId: "12", GROUP_ID: "7" });
});

Deno.test("a marker with a slip of the pen and a mapping for an element that is gone are reported", async () => {
  const { report } = await converted(drawn, {
    records: [{ elementId: "T", description: "[[topik: x]] [[system: sap]]" }],
    mapping: { processes: { P: { elements: { Gone: { topic: "x" } } } } },
  });
  assert.deepEqual(report.filter(({ rule }) => rule === "settings").map(({ kind, elementId }) => [kind, elementId]), [
    ["lost", "T"],
    ["lost", "T"],
    ["lost", "P"],
  ]);
});

for (const wrong of [{ elements: { T: { topik: "x" } } }, { lanes: { A: { system: "sap" } } }, { steps: {} }]) {
  Deno.test(`the mapping ${JSON.stringify(wrong)} is refused`, () =>
    assert.equal(mappingSchema.safeParse(wrong).success, false));
}
