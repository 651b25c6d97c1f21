import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import { startBitrix24Simulator } from "../../../../simulators/bitrix24/simulator.ts";
import { Bitrix24Client } from "../../../../lib/bitrix24/client.ts";
import { systemClock } from "../../../../lib/time/clock.ts";
import { openSyncPlace, runCommand } from "./place.ts";

const order = diagram(
  `${node("startEvent", "S")}${node("userTask", "T", "Check papers")}${node("endEvent", "E")}${path("S", "T", "E")}`,
);
const onboarding = drawnDiagrams.find(({ processKey }) => processKey === "Process_onboarding");
assert.ok(onboarding);

Deno.test("convert needs no settings, and writes camunda_<name>.bpmn beside the file", async () => {
  await using place = await openSyncPlace();
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  const { code, stdout, stderr } = await runCommand(["convert", place.path("order.bpmn")], {});
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(
    stdout,
    /mapped +«Check papers» UserTask T: It is an external task .*\nWrote .*camunda_order\.bpmn: 0 lost, 1 mapped, 0 left out\.\n$/,
  );
  assert.match(
    Deno.readTextFileSync(place.path("camunda_order.bpmn")),
    /serviceTask id="T".*camunda:topic="bitrix_create_task"/,
  );
  assert.deepEqual(place.storm.requests, []);
});

Deno.test("convert takes the records beside the file, or those it is told", async () => {
  await using place = await openSyncPlace();
  const records = (name: string) => JSON.stringify([{ elementId: "T", assigneeId: 17, assigneeName: name }]);
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  Deno.writeTextFileSync(place.path("order_assignees.json"), records("Buyer"));
  Deno.writeTextFileSync(place.path("others.json"), records("Lawyer"));
  const converted = async (...options: string[]) =>
    (await place.run(["convert", place.path("order.bpmn"), "-o", "-", ...options])).stdout;
  assert.match(await converted(), /name="assigneeName" value="Buyer"/);
  assert.match(await converted("--assignees", place.path("others.json")), /name="assigneeName" value="Lawyer"/);
  const missing = await place.run(["convert", place.path("order.bpmn"), "--assignees", place.path("none.json")]);
  assert.deepEqual([missing.code, missing.stderr], [1, `${place.path("none.json")}: There is no such file.\n`]);
});

Deno.test("with the file on standard output, the report is on standard error", async () => {
  await using place = await openSyncPlace();
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  const { stdout, stderr } = await place.run(["convert", place.path("order.bpmn"), "-o", "-"]);
  assert.match(stdout, /^<\?xml[^]*<\/bpmn:definitions>\n$/);
  assert.match(stderr, /1 mapped/);
  assert.deepEqual(place.files(), ["order.bpmn"]);
});

Deno.test("convert --json says what was written and reported, --report keeps it in a file", async () => {
  await using place = await openSyncPlace();
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  const paths = ["-o", place.path("out.bpmn"), "--report", place.path("out.json")];
  const { stdout } = await place.run(["convert", place.path("order.bpmn"), "--json", ...paths]);
  const report = JSON.parse(stdout);
  assert.partialDeepStrictEqual(report, { ok: true, dryRun: false, output: place.path("out.bpmn") });
  assert.partialDeepStrictEqual(report.report[0], { kind: "mapped", elementId: "T", elementName: "Check papers" });
  assert.deepEqual(JSON.parse(Deno.readTextFileSync(place.path("out.json"))).report, report.report);
});

Deno.test("convert --dry-run writes neither the file nor the report", async () => {
  await using place = await openSyncPlace();
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  const { code, stdout } = await place.run(
    ["convert", place.path("order.bpmn"), "--dry-run", "--report", place.path("out.json")],
  );
  assert.equal(code, 0);
  assert.match(stdout, /Would write .*camunda_order\.bpmn/);
  assert.deepEqual(place.files(), ["order.bpmn"]);
});

Deno.test("convert --strict refuses what would be lost, with its element, and writes nothing", async () => {
  await using place = await openSyncPlace();
  const { code, stdout, stderr } = await place.run([
    "convert",
    "--strict",
    onboarding.id,
    "--mapping",
    await mappingWithoutTheElement(place.path("mapping.json")),
    "-o",
    place.path("out.bpmn"),
  ]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^Приём сотрудника:\d+: .*The mapping file names the element Nothing/);
  assert.deepEqual(place.files(), ["mapping.json"]);
});

async function mappingWithoutTheElement(file: string): Promise<string> {
  const mapping = { processes: { Process_onboarding: { elements: { Nothing: { topic: "op_create_task" } } } } };
  await Deno.writeTextFile(file, JSON.stringify(mapping));
  return file;
}

Deno.test("a diagram of StormBPMN keeps its version, its assignees and the processes that it calls", async () => {
  await using place = await openSyncPlace();
  const { code, stdout } = await place.run(["convert", onboarding.id, "-o", "-", "--json"]);
  assert.equal(code, 0);
  const { xml, diagram } = JSON.parse(stdout);
  assert.partialDeepStrictEqual(diagram, { id: onboarding.id, version: "1" });
  assert.match(xml, new RegExp(`name="stormDiagramId" value="${onboarding.id}"`));
  assert.match(xml, /<bpmn:callActivity id="Activity_equipment"[^>]* calledElement="Process_equipment_purchase"/);
  assert.match(xml, /name="assigneeId" value="1561"/);
});

Deno.test("a link that StormBPMN keeps beside the drawing is followed as one in the drawing", async () => {
  await using place = await openSyncPlace();
  const { diagrams } = place.storm;
  const called = diagrams.add({ name: "Order", xml: order });
  const call = diagram(
    `${node("startEvent", "S")}${node("callActivity", "C", "Order")}${node("endEvent", "E")}${path("S", "C", "E")}`,
    { process: 'id="Caller"' },
  );
  const caller = diagrams.add({ name: "Caller", xml: call });
  diagrams.link(caller, "C", called);
  const { stdout } = await place.run(["convert", caller, "-o", "-"]);
  assert.match(stdout, /<bpmn:callActivity id="C"[^>]* calledElement="P"/);
});

Deno.test("files that were pulled together call each other, without StormBPMN", async () => {
  await using place = await openSyncPlace();
  await place.run(["pull", ...drawnDiagrams.map(({ id }) => id), "-o", place.folder]);
  const { stdout } = await runCommand(["convert", place.path(`${onboarding.name}.bpmn`), "-o", "-"], {});
  assert.match(stdout, /calledElement="Process_equipment_purchase"/);
  assert.match(stdout, new RegExp(`name="stormDiagramId" value="${onboarding.id}"`));
});

const big = 50 * 1024 * 1024;
const bad: readonly (readonly [what: string, content: string | Uint8Array, said: RegExp])[] = [
  ["that is not XML", "order", /:1: The file is not XML: it begins with «order»/],
  ["that is empty", "", /: The file is empty/],
  ["that is not BPMN", "<html/>", /:1: The file is not BPMN: its root is <html>/],
  ["that is truncated", order.slice(0, order.length / 2), /:\d+: The file is not well-formed XML/],
  ["that is not UTF-8", new Uint8Array([0xff, 0xfe, 0x3c, 0x00]), /: The file is not text in UTF-8/],
  ["of 50 MB", order.padEnd(big), /: The file has 52428800 bytes; at most 16777216 are read/],
  [
    "with an entity bomb",
    order.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>'),
    /:1: The file has a document type declaration/,
  ],
  ["with two elements of one id", order.replace('id="E"', 'id="T"'), /:\d+: .*T/],
  ["with a dangling reference", order.replace('targetRef="E"', 'targetRef="Gone"'), /:\d+: .*Gone/],
  ["with an empty process", diagram(""), /P/],
];
for (const [what, content, said] of bad) {
  Deno.test(`a file ${what} is refused in a line, with exit code 1 and no file left behind`, async () => {
    await using place = await openSyncPlace({ empty: true });
    const file = place.path("bad.bpmn");
    Deno.writeFileSync(file, typeof content === "string" ? new TextEncoder().encode(content) : content);
    const { code, stdout, stderr } = await place.run(["convert", file]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.ok(stderr.startsWith(`${file}:`), stderr);
    assert.match(stderr, said);
    assert.deepEqual(place.files(), ["bad.bpmn"]);
    const deployed = await place.run(["deploy", file]);
    assert.equal(deployed.code, 1);
    assert.ok(deployed.stderr.startsWith(`${file}:`), deployed.stderr);
    assert.equal(place.camunda.requestCounts()["POST /deployment/create"], undefined);
  });
}

Deno.test("a file that cannot be written is told by its name", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  const output = place.path("order.bpmn/out.bpmn");
  const { code, stderr } = await place.run(["convert", place.path("order.bpmn"), "-o", output]);
  assert.equal(code, 1);
  assert.ok(stderr.startsWith(`${output}: The file cannot be written`), stderr);
});

Deno.test("checklists of a linked task in Bitrix24 are fetched; a portal that is down fails the conversion", async () => {
  await using place = await openSyncPlace({ empty: true });
  await using portal = await startBitrix24Simulator();
  const taskId = await taskWithChecklist(portal.webhookUrl);
  const description =
    `<p>\u0427\u0415\u041a\u041b\u0418\u0421\u0422: <a href="https://portal.example/company/personal/user/1/tasks/task/view/${taskId}/">x</a></p>`;
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  Deno.writeTextFileSync(place.path("order_assignees.json"), JSON.stringify([{ elementId: "T", description }]));
  const run = (url: string) =>
    runCommand(["convert", place.path("order.bpmn"), "-o", "-"], { BITRIX_WEBHOOK_URL: url });
  const { stdout, stderr } = await run(portal.webhookUrl);
  assert.match(stdout, /name="checklists" value="[^"]*Papers[^"]*Invoice/, stderr);
  assert.equal((await run("http://127.0.0.1:1/rest/1/code")).code, 4);
});

Deno.test("a mapping file decides, the one that SYNC_MAPPING_FILE names unless another is given; a faulty one is told", async () => {
  await using place = await openSyncPlace({ empty: true });
  Deno.writeTextFileSync(place.path("order.bpmn"), order);
  Deno.writeTextFileSync(place.path("set.yaml"), "elements:\n  T: { topic: 1c_create_document }\n");
  Deno.writeTextFileSync(place.path("given.yaml"), "default: { system: openproject }\n");
  Deno.writeTextFileSync(place.path("bad.yaml"), "elements:\n  T: { topik: x }\n");
  const run = (...options: readonly string[]) =>
    runCommand(["convert", place.path("order.bpmn"), "-o", "-", ...options], {
      SYNC_MAPPING_FILE: place.path("set.yaml"),
    });
  assert.match((await run()).stdout, /camunda:topic="1c_create_document"/);
  assert.match((await run("--mapping", place.path("given.yaml"))).stdout, /camunda:topic="op_create_task"/);
  const { code, stderr } = await run("--mapping", place.path("bad.yaml"));
  assert.equal(code, 1);
  assert.match(stderr, /bad\.yaml:2:\d+: .*topik/);
});

/** Id of a task with a checklist «Papers» in which «Invoice» is. */
async function taskWithChecklist(webhookUrl: string): Promise<string> {
  const limit = { perSecond: 1000, burst: 1000 };
  using client = new Bitrix24Client({ webhookUrl, timeoutMs: 5_000, limit, clock: systemClock });
  const { signal } = new AbortController();
  const task = await client.call("tasks.task.add", { fields: { TITLE: "Order", RESPONSIBLE_ID: 1 } }, signal);
  const [, taskId = ""] = /"id":"?(\d+)/.exec(JSON.stringify(task)) ?? [];
  const add = (TITLE: string, PARENT_ID: number) =>
    client.call("task.checklistitem.add", { TASKID: taskId, FIELDS: { TITLE, PARENT_ID } }, signal);
  await add("Invoice", Number(await add("Papers", 0)));
  return taskId;
}
