import assert from "node:assert/strict";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { requireSettings } from "../../../lib/config/require_settings.ts";
import { selectionOf } from "../../../lib/sync/selection.ts";
import { syncSettings } from "../../../lib/sync/sync_settings.ts";

const read = (environment: Readonly<Record<string, string>>) => requireSettings(syncSettings, environment);

Deno.test("the predecessor's names count as it documented them, and as it really read them", () => {
  const documented = read({ SYNC_ENABLED: "false", SYNC_INTERVAL: "60", SYNC_ONLY_PUBLIC: "true" });
  assert.deepEqual(
    [documented.SYNC_ENABLED, documented.SYNC_INTERVAL, documented.SYNC_ONLY_PUBLIC],
    [false, 60_000, true],
  );
  const effective = read({ SYNC_SYNC_INTERVAL: "60", CAMUNDA_USERNAME: "demo", CAMUNDA_PASSWORD: "demo" });
  assert.deepEqual([effective.SYNC_INTERVAL, effective.CAMUNDA_AUTH_USERNAME], [60_000, "demo"]);
});

Deno.test("what the predecessor never used is told, with what to do", () => {
  const { warnings } = readSettings(syncSettings, { SYNC_MAX_WORKERS: "5", SYNC_STATUS: "DONE" });
  assert.match(warnings.find(({ name }) => name === "SYNC_MAX_WORKERS")?.problem ?? "", /no longer read/);
  assert.match(warnings.find(({ name }) => name === "SYNC_STATUS")?.problem ?? "", /Did you mean SYNC_STATUSES/);
});

Deno.test("a status that StormBPMN does not have is told with those that it has", () => {
  const { faults } = readSettings(syncSettings, { SYNC_STATUSES: "DONNE" });
  assert.deepEqual(faults, [{
    name: "SYNC_STATUSES",
    problem: 'must be words of NEW, IN_PROGRESS, DONE, ARCHIVED, separated by commas, not "DONNE"',
    example: "DONE",
  }]);
  assert.deepEqual(read({ SYNC_STATUSES: "done,In_Progress" }).SYNC_STATUSES, ["DONE", "IN_PROGRESS"]);
});

Deno.test("diagrams are chosen as the settings say, unless the command line says otherwise", () => {
  const settings = read({
    SYNC_STATUSES: "DONE",
    SYNC_AUTHORS: "anna@example.com",
    SYNC_EXCLUDE_DIAGRAM_IDS: "d-1, d-2",
  });
  const { filter, except, only } = selectionOf(settings, {});
  assert.partialDeepStrictEqual(filter, { statuses: ["DONE"], types: ["BPMN"], authors: ["anna@example.com"] });
  assert.deepEqual([...except], ["d-1", "d-2"]);
  assert.equal(only, undefined);
  assert.deepEqual(selectionOf(settings, { status: ["NEW"] }).filter.statuses, ["NEW"]);
  assert.deepEqual(selectionOf(settings, {}, ["d-3"]).filter, { types: ["BPMN"] });
});

Deno.test("a view of more than the team is refused while only the team's diagrams are wanted", () => {
  const view = { STORMBPMN_DEFAULT_VIEW: "ALL" };
  assert.throws(() => selectionOf(read(view), {}), /STORMBPMN_DEFAULT_VIEW must be TEAM/);
  assert.ok(selectionOf(read({ ...view, SYNC_ONLY_TEAM_DIAGRAMS: "false" }), {}));
});
