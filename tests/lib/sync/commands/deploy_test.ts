import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { CamundaDriver } from "../../../services/camunda_driver.ts";
import { openSyncPlace } from "./place.ts";

const [contract] = drawnDiagrams;
assert.ok(contract);

Deno.test("deploy of a converted file makes a version for the tenant, and none the second time", async () => {
  await using place = await openSyncPlace();
  await place.run(["convert", contract.id, "-o", place.path("camunda_contract.bpmn")]);
  const first = await place.run(["deploy", place.path("camunda_contract.bpmn")]);
  assert.deepEqual([first.code, first.stderr], [0, ""]);
  assert.match(first.stdout, /camunda_contract\.bpmn: deployed Process_contract_approval v1/);
  const again = await place.run(["deploy", place.path("camunda_contract.bpmn"), "--json"]);
  assert.partialDeepStrictEqual(JSON.parse(again.stdout), { ok: true, sources: [{ kind: "unchanged" }] });
  const definitions = await new CamundaDriver(place.camunda.baseUrl).call("GET", "/process-definition");
  assert.partialDeepStrictEqual(definitions, [{ version: 1, tenantId: "imenaProd" }]);
});

Deno.test("deploy of a diagram pulls and converts it, and names the deployment after it and its version", async () => {
  await using place = await openSyncPlace();
  const { code, stdout } = await place.run(["deploy", contract.id], {
    settings: { ...place.settings, SYNC_COCKPIT_URL: "https://camunda.internal/cockpit/default" },
  });
  assert.equal(code, 0);
  assert.match(stdout, /^Согласование договора: deployed Process_contract_approval v1 \(0 lost/);
  assert.match(stdout, /\n {2}https:\/\/camunda\.internal\/cockpit\/default\/#\/process-definition\/Process_contract/);
  const deployments = await new CamundaDriver(place.camunda.baseUrl).call("GET", "/deployment");
  assert.partialDeepStrictEqual(deployments, [{
    name: "Согласование договора (StormBPMN version 1)",
    source: "camunda-sync",
  }]);
});

Deno.test("deploy --dry-run says which version it would be, and deploys nothing", async () => {
  await using place = await openSyncPlace();
  const planned = await place.run(["deploy", contract.id, "--dry-run", "--json"]);
  assert.equal(planned.code, 0);
  assert.partialDeepStrictEqual(JSON.parse(planned.stdout), {
    dryRun: true,
    sources: [{ kind: "would_deploy", processes: [{ key: "Process_contract_approval" }] }],
  });
  await place.run(["deploy", contract.id]);
  assert.match((await place.run(["deploy", contract.id, "--dry-run"])).stdout, /: unchanged/);
  assert.equal(place.camunda.requestCounts()["POST /deployment/create"], 1);
});

Deno.test("deploy --dry-run warns of topics that no worker fetches, in the words of the deployment itself", async () => {
  await using place = await openSyncPlace();
  const settings = { ...place.settings, SYNC_TOPIC: "close_month" };
  const planned = await place.run(["deploy", contract.id, "--dry-run"], { settings });
  assert.equal(planned.code, 0);
  assert.match(
    planned.stderr,
    /^! Согласование договора: No worker fetches the topic «close_month», so nobody would do «/,
  );
  const inJson = await place.run(["deploy", contract.id, "--dry-run", "--json"], { settings });
  const [{ kind, warnings }] = JSON.parse(inJson.stdout).sources;
  assert.equal(kind, "would_deploy");
  assert.equal(planned.stderr, `! Согласование договора: ${warnings.join()}\n`);
  const extra = { settings: { ...settings, WORKER_EXTRA_TOPICS: "close_month=bitrix24" } };
  assert.equal((await place.run(["deploy", contract.id, "--dry-run"], extra)).stderr, "");
  assert.equal((await place.run(["deploy", contract.id], { settings })).stderr, planned.stderr);
  const again = await place.run(["deploy", contract.id, "--dry-run"], { settings });
  assert.match(again.stdout, /: unchanged/);
  assert.equal(again.stderr, planned.stderr);
});

Deno.test("without duplicate filtering deploy --dry-run says that there would be another version", async () => {
  await using place = await openSyncPlace();
  const settings = { ...place.settings, SYNC_DUPLICATE_FILTERING: "false" };
  await place.run(["deploy", contract.id]);
  const { stdout } = await place.run(["deploy", contract.id, "--dry-run"], { settings });
  assert.match(stdout, /: would deploy Process_contract_approval v2/);
});

Deno.test("a file that was not converted is refused", async () => {
  await using place = await openSyncPlace();
  Deno.writeTextFileSync(place.path("contract.bpmn"), contract.xml);
  const { code, stdout, stderr } = await place.run(["deploy", place.path("contract.bpmn")]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /contract\.bpmn: The file has no executable process.*Was it converted\?/);
});

Deno.test("what was deployed before a system went down is told all the same", async () => {
  await using place = await openSyncPlace();
  const other = drawnDiagrams[1]?.id ?? "";
  await place.run(["convert", contract.id, "-o", place.path("good.bpmn")]);
  Deno.writeTextFileSync(place.path("bad.bpmn"), "<html/>");
  place.storm.faults.down = true;
  const sources = [place.path("good.bpmn"), place.path("bad.bpmn"), other, contract.id];
  const { code, stdout, stderr } = await place.run(["deploy", ...sources]);
  assert.equal(code, 4);
  assert.match(stdout, /good\.bpmn: deployed Process_contract_approval v1/);
  assert.match(stderr, /bad\.bpmn:\d+: .*not BPMN[^\n]*\nStormBPMN answered 502[^\n]*\n$/);
});

Deno.test("a process of another diagram is replaced only on purpose", async () => {
  await using place = await openSyncPlace();
  await place.run(["deploy", contract.id]);
  const copy = place.storm.diagrams.add({ name: "Copy", xml: contract.xml });
  for (const dryRun of [[], ["--dry-run"]]) {
    const { code, stderr } = await place.run(["deploy", copy, ...dryRun]);
    assert.equal(code, 1);
    assert.match(stderr, /made of another diagram/);
  }
  assert.match(
    (await place.run(["deploy", copy, "--take-over"])).stdout,
    /^Copy: deployed Process_contract_approval v2/,
  );
});

Deno.test("deploy without settings for Camunda names them, with exit code 3", async () => {
  await using place = await openSyncPlace();
  const { CAMUNDA_BASE_URL: _, ...settings } = place.settings;
  const { code, stderr } = await place.run(["deploy", contract.id], { settings });
  assert.equal(code, 3);
  assert.match(stderr, /CAMUNDA_BASE_URL is not set/);
});

Deno.test("a time of activation needs its offset", async () => {
  await using place = await openSyncPlace();
  const { code, stderr } = await place.run(["deploy", contract.id, "--activate-at", "2030-02-01T00:00"]);
  assert.equal(code, 2);
  assert.match(stderr, /A time with its offset looks like 2030-02-01T00:00\+03:00/);
});

Deno.test("a diagram's name cannot steer the terminal", async () => {
  await using place = await openSyncPlace({ empty: true });
  const id = place.storm.diagrams.add({ name: "\x1b[2JOrder", xml: contract.xml });
  const { stdout } = await place.run(["deploy", id]);
  assert.match(stdout, /^\uFFFD\[2JOrder: deployed/);
});
