import assert from "node:assert/strict";
import { workerTopics } from "../../../lib/worker/topics.ts";
import { workerFaults, workerSettings } from "../../../lib/worker/worker_settings.ts";

const extra = (text: string) => workerSettings.WORKER_EXTRA_TOPICS.schema.safeParse(text);

Deno.test("without further words the 27 known topics are fetched", () => {
  const { bySystem } = workerTopics([], []);
  assert.deepEqual([...bySystem].map(([system, topics]) => [system, topics.length]), [
    ["bitrix24", 6],
    ["openproject", 5],
    ["1c", 5],
    ["python-services", 11],
  ]);
});

Deno.test("extra topics go to the system they name, or to the one their beginning tells", () => {
  const topics = workerTopics(["bitrix24"], extra("invoice_check=python-services, 1c_close_month").data ?? []);
  assert.deepEqual([...topics.bySystem.keys()].toSorted(), ["1c", "bitrix24", "python-services"]);
  assert.equal(topics.systemOf("invoice_check"), "python-services");
  assert.equal(topics.systemOf("1c_close_month"), "1c");
  assert.equal(topics.systemOf("bitrix_create_task"), "bitrix24");
});

Deno.test("an extra topic of nobody's system is a fault, for its tasks would go to nobody's queue", () => {
  for (const text of ["invoice_check", "x=nowhere", "=bitrix24", "a=1c=1c"]) {
    assert.equal(extra(text).success, false, text);
  }
  assert.deepEqual(extra("").data, []);
});

Deno.test("unknown systems and a hand-over lock as long as the lease are faults", () => {
  const faults = workerFaults({
    WORKER_ONLY_SYSTEMS: ["bitrix24", "bitrix"],
    CAMUNDA_FETCH_LOCK_DURATION: 86_400_000,
    CAMUNDA_LOCK_DURATION: 86_400_000,
  });
  assert.deepEqual(faults.map(({ name }) => name), ["WORKER_ONLY_SYSTEMS", "CAMUNDA_FETCH_LOCK_DURATION"]);
});
