import assert from "node:assert/strict";
import { add, openPortal, resultOf } from "../../../simulators/bitrix24/portal_place.ts";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import { openSyncPlace, runCommand, type SyncPlace } from "./place.ts";

const order = diagram(
  `${node("startEvent", "S")}${node("userTask", "T", "Check papers")}${node("userTask", "U", "Ship")}` +
    `${path("S", "T", "U")}`,
);
const link = "https://portal.example.com/company/personal/user/1/tasks/task/view/1/";
const papers = "<p>ЧЕКЛИСТ: Papers</p><ul><li>Invoice<ul><li>signed</li></ul></li><li>Waybill</li></ul>";
const linked = `<p>ЧЕКЛИСТ: <a href="${link}">task</a></p>`;

async function openPlace(): Promise<SyncPlace> {
  const place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  const records = [{ elementId: "T", description: papers }, { elementId: "U", description: linked }];
  Deno.writeTextFileSync(place.path("order_assignees.json"), JSON.stringify(records));
  return place;
}

Deno.test("checklists shows the lists in descriptions, and says which were not fetched", async () => {
  await using place = await openPlace();
  const { code, stdout, stderr } = await runCommand(["checklists", place.path("order.bpmn")], {});
  assert.equal(code, 0);
  assert.equal(
    stdout.replace(place.folder, ""),
    `«Check papers» (T)
  Papers
    ☐ Invoice
      ☐ signed
    ☐ Waybill
/order.bpmn: 1 checklist with 3 items on 1 element.
`,
  );
  assert.equal(
    stderr,
    `U: The checklists of Bitrix24 task 1 (${link}) were not fetched: BITRIX_WEBHOOK_URL is not set.\n`,
  );
});

Deno.test("checklists fetches those of linked tasks when a portal is set", async () => {
  await using place = await openPlace();
  await using portal = await openPortal();
  await add(portal.simulator);
  const item = (FIELDS: object) => resultOf(portal.simulator, "task.checklistitem.add", { TASKID: 1, FIELDS });
  await item({ TITLE: "Груз", PARENT_ID: await item({ TITLE: "Склад", PARENT_ID: 0 }) });
  const settings = { BITRIX_WEBHOOK_URL: portal.simulator.webhookUrl };
  const { code, stdout, stderr } = await runCommand(["checklists", "--json", place.path("order.bpmn")], settings);
  assert.deepEqual([code, stderr], [0, ""]);
  const open = { is_complete: false };
  assert.deepEqual(JSON.parse(stdout), [
    {
      element_id: "T",
      element_name: "Check papers",
      checklists: [{
        title: "Papers",
        items: [{ text: "Invoice", ...open, items: [{ text: "signed", ...open }] }, { text: "Waybill", ...open }],
      }],
    },
    {
      element_id: "U",
      element_name: "Ship",
      checklists: [{
        title: "Склад",
        items: [{ text: "Груз", ...open }],
        source_task_id: "1",
        source_url: link,
      }],
    },
  ]);
});

Deno.test("a portal that cannot be asked ends the command with 4, and its address is not told", async () => {
  await using place = await openPlace();
  const settings = { BITRIX_WEBHOOK_URL: "http://127.0.0.1:9/rest/1/topsecret" };
  const { code, stdout, stderr } = await runCommand(["checklists", place.path("order.bpmn")], settings);
  assert.deepEqual([code, stdout], [4, ""]);
  assert.doesNotMatch(stderr, /topsecret/);
});

Deno.test("a diagram without descriptions has no checklists: an empty list", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  const { code, stdout } = await runCommand(["checklists", "--json", place.path("order.bpmn")], {});
  assert.deepEqual([code, stdout], [0, "[]\n"]);
});
