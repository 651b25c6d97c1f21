import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { diagram, node, path } from "../../bpmn/convert/drawing.ts";
import { openSyncPlace, type SyncPlace } from "./place.ts";

const [contract, order] = drawnDiagrams;
assert.ok(contract && order);

async function report(place: SyncPlace, ...args: readonly string[]) {
  const { stdout, code, stderr } = await place.run(["sync", "--json", ...args]);
  const { diagrams, ...rest } = JSON.parse(stdout);
  return { ...rest, code, stderr, kinds: diagrams.map(({ kind }: { kind: string }) => kind), diagrams };
}

const pulled = (place: SyncPlace) => place.storm.requests.filter((path) => path.includes("get-diagram-by-id")).length;

Deno.test("sync deploys all diagrams of the chosen statuses, and the second time asks for none of them", async () => {
  await using place = await openSyncPlace();
  const first = await report(place);
  assert.equal(first.code, 0, first.stderr);
  assert.partialDeepStrictEqual(first.counts, { deployed: 7, unchanged: 0, refused: 0, failed: 0 });
  assert.equal(pulled(place), 7);
  const second = await report(place);
  assert.partialDeepStrictEqual(second.counts, { deployed: 0, unchanged: 7 });
  assert.equal(pulled(place), 7);
  assert.equal(place.camunda.requestCounts()["POST /deployment/create"], 7);
});

Deno.test("what diagrams call is found whatever the order, each asked for once, and in Camunda if it is there", async () => {
  await using place = await openSyncPlace();
  const [caller] = drawnDiagrams.filter(({ links }) => links.length > 0);
  const called = drawnDiagrams.find(({ id }) => id === caller?.links[0]?.toDiagramId);
  assert.ok(caller && called);
  const settings = { ...place.settings, SYNC_EXCLUDE_DIAGRAM_IDS: "" };
  const calls = async (...ids: readonly string[]) => {
    const before = pulled(place);
    const { stdout } = await place.run(["sync", "--dry-run", "--json", ...ids], { settings });
    assert.match(stdout, new RegExp(`It calls ${called.processKey}`));
    return pulled(place) - before;
  };
  assert.equal(await calls(), 9);
  assert.equal(await calls(caller.id), 2);
  await place.run(["sync", called.id]);
  assert.equal(await calls(caller.id), 1);
});

Deno.test("sync --dry-run says what would be deployed and changes nothing", async () => {
  await using place = await openSyncPlace();
  const planned = await report(place, "--dry-run");
  assert.partialDeepStrictEqual(planned, { ok: true, dryRun: true, code: 0, counts: { would_deploy: 7, deployed: 0 } });
  assert.equal(place.camunda.requestCounts()["POST /deployment/create"], undefined);
});

Deno.test("sync --dry-run warns of topics that no worker fetches, as sync does", async () => {
  await using place = await openSyncPlace();
  const settings = { ...place.settings, SYNC_TOPIC: "close_month" };
  const { stdout, stderr } = await place.run(["sync", "--dry-run", "--json", order.id], { settings });
  const [{ kind, warnings }] = JSON.parse(stdout).diagrams;
  assert.equal(kind, "would_deploy");
  assert.match(warnings[0], /^No worker fetches the topic «close_month», so nobody would do «/);
  assert.equal(stderr, `! Приём заказа: ${warnings.join()}\n`);
  assert.equal((await place.run(["sync", "--dry-run", order.id], { settings })).stderr, stderr);
  assert.equal((await place.run(["sync", order.id], { settings })).stderr, stderr);
});

Deno.test("one bad diagram among good ones is told with its element; the others are deployed", async () => {
  await using place = await openSyncPlace();
  place.storm.diagrams.redraw(contract.id, contract.xml.replace(/targetRef="[^"]+"/, 'targetRef="Gone"'));
  const { code, stdout, stderr } = await place.run(["sync"]);
  assert.equal(code, 1);
  assert.match(stdout, /Согласование договора +2 +refused\n/);
  assert.match(stdout, /Приём заказа +1 +deployed Process_order_intake v1 +\d+ lost/);
  assert.match(stdout, /7 diagrams: 6 deployed, 1 refused\.\n$/);
  assert.match(stderr, /^Согласование договора:\d+: .*Gone/);
});

Deno.test("a redrawn diagram becomes the next version, and only that", async () => {
  await using place = await openSyncPlace();
  await report(place);
  place.storm.diagrams.redraw(order.id, order.xml.replaceAll("Приём заказа", "Приём заказов"));
  const { kinds, diagrams } = await report(place);
  assert.deepEqual(kinds.filter((kind: string) => kind !== "skipped"), ["deployed"]);
  assert.partialDeepStrictEqual(
    diagrams.find(({ kind }: { kind: string }) => kind === "deployed"),
    { id: order.id, versionNumber: 2, definitions: [{ key: "Process_order_intake", version: 2 }] },
  );
});

Deno.test("a new assignee is deployed although the drawing is the same; a new name of the diagram is not", async () => {
  await using place = await openSyncPlace({ empty: true });
  const { diagrams } = place.storm;
  const xml = diagram(
    `${node("startEvent", "S")}${node("userTask", "T", "Check")}${node("endEvent", "E")}${path("S", "T", "E")}`,
  );
  const id = diagrams.add({ name: "Order", xml });
  assert.deepEqual((await report(place)).kinds, ["deployed"]);
  diagrams.rename(id, "Order intake");
  assert.deepEqual((await report(place)).kinds, ["unchanged"]);
  diagrams.assign(id, { elementId: "T", assigneeId: 17, assigneeName: "Buyer" });
  const changed = await report(place);
  assert.partialDeepStrictEqual(changed.diagrams, [{
    kind: "deployed",
    versionNumber: 1,
    definitions: [{ version: 2 }],
  }]);
  assert.deepEqual((await report(place)).kinds, ["skipped"]);
});

Deno.test("sync --all converts unchanged ones too, and Camunda gets what differs", async () => {
  await using place = await openSyncPlace();
  await report(place, contract.id, order.id);
  const mapping = place.path("mapping.json");
  const processes = { [contract.processKey]: { default: { topic: "op_create_task" } } };
  Deno.writeTextFileSync(mapping, JSON.stringify({ processes }));
  const unaware = await report(place, contract.id, order.id, "--mapping", mapping);
  assert.deepEqual(unaware.kinds, ["skipped", "skipped"]);
  const all = await report(place, contract.id, order.id, "--mapping", mapping, "--all");
  assert.deepEqual(all.kinds, ["deployed", "unchanged"]);
});

Deno.test("excluded diagrams are left alone, and only included ones are taken", async () => {
  await using place = await openSyncPlace();
  const ids = async (more: Readonly<Record<string, string>>) => {
    const { stdout } = await place.run(["sync", "--dry-run", "--json"], { settings: { ...place.settings, ...more } });
    return JSON.parse(stdout).diagrams.map(({ id }: { id: string }) => id);
  };
  assert.equal((await ids({ SYNC_EXCLUDE_DIAGRAM_IDS: `${contract.id},${order.id}` })).length, 7);
  assert.deepEqual(await ids({ SYNC_INCLUDE_ONLY_DIAGRAM_IDS: order.id }), [order.id]);
});

Deno.test("a copy of a deployed diagram does not replace its process", async () => {
  await using place = await openSyncPlace();
  await report(place, contract.id);
  const copy = place.storm.diagrams.add({ name: "Copy", xml: contract.xml });
  const { code, kinds, stderr } = await report(place, copy);
  assert.deepEqual([code, kinds], [1, ["refused"]]);
  assert.match(stderr, /^Copy:\d+: .*made of another diagram/);
});

Deno.test("a diagram that StormBPMN fails to give is told, and the others are deployed", async () => {
  await using place = await openSyncPlace();
  place.storm.faults.failNext({ status: 500, message: "Broken" }, { path: "get-diagram-by-id" });
  const { code, stdout, stderr } = await place.run(["sync"]);
  assert.equal(code, 1);
  assert.match(stdout, /Согласование договора +1 +failed\n[^]*7 diagrams: 6 deployed, 1 failed\.\n$/);
  assert.match(stderr, /^Согласование договора: StormBPMN answered 500 .*Broken/);
});

Deno.test("sync shows how far it is on a terminal only", async () => {
  await using place = await openSyncPlace();
  const shown = await place.run(["sync", "--dry-run"], { isTty: true });
  assert.match(shown.stderr, /\[#+·+\] 3\/7 Оплата счёта/);
  assert.equal((await place.run(["sync", "--dry-run"])).stderr, "");
});

Deno.test("when StormBPMN fails half-way, what was done is told and the rest is left for the next time", async () => {
  await using place = await openSyncPlace();
  const { storm } = place;
  await report(place, contract.id);
  storm.faults.failNext({ status: 503 }, { path: "get-diagram-by-id" });
  const broken = await report(place);
  assert.equal(broken.code, 4);
  assert.deepEqual(broken.kinds, ["skipped"]);
  assert.match(broken.stoppedBy, /StormBPMN answered 503/);
  assert.equal(broken.stderr, `${broken.stoppedBy}\n`);
  assert.partialDeepStrictEqual((await report(place)).counts, { deployed: 6, unchanged: 1 });
});

Deno.test("a Camunda that is down ends sync before StormBPMN is asked", async () => {
  await using place = await openSyncPlace();
  place.camunda.failNext("GET /process-definition", { status: 503 }, 10);
  const { code, stderr } = await place.run(["sync"]);
  assert.equal(code, 4, stderr);
  assert.deepEqual(place.storm.requests, []);
});
