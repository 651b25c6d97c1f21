import assert from "node:assert/strict";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { openSyncPlace } from "./place.ts";

Deno.test("list shows the diagrams of all pages", async () => {
  await using place = await openSyncPlace({ empty: true });
  for (let number = 1; number <= 43; number++) place.storm.diagrams.add({ name: `Diagram ${number}`, xml: "" });
  const { code, stdout, stderr } = await place.run(["list", "--json"]);
  assert.deepEqual([code, stderr], [0, ""]);
  const { total, diagrams } = JSON.parse(stdout);
  assert.deepEqual([total, diagrams.length, diagrams.at(-1).name], [43, 43, "Diagram 43"]);
});

Deno.test("list shows a table with what people choose by, and counts", async () => {
  await using place = await openSyncPlace();
  const { stdout } = await place.run(["list", "--status", "done"]);
  const [heading = "", first = ""] = stdout.split("\n");
  assert.match(heading, /^ID +STATUS +QUALITY +VERSION +UPDATED +AUTHOR +NAME$/);
  const [drawn] = drawnDiagrams;
  assert.match(
    first,
    new RegExp(`^${drawn?.id} +DONE +10 +1 +\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d +analyst@example.com +${drawn?.name}$`),
  );
  assert.match(stdout, /\n6 diagrams of 12\.\n$/);
});

Deno.test("list filters by status, author, quality and time", async () => {
  await using place = await openSyncPlace({ empty: true });
  const { diagrams } = place.storm;
  diagrams.add({ name: "wanted", xml: "", status: "DONE", author: "anna@example.com", quality: 8 });
  diagrams.add({ name: "new", xml: "", status: "NEW", author: "anna@example.com", quality: 8 });
  diagrams.add({ name: "of another", xml: "", status: "DONE", quality: 8 });
  diagrams.add({ name: "poor", xml: "", status: "DONE", author: "anna@example.com", quality: 3 });
  const options = ["--status", "DONE,ARCHIVED", "--author", "anna@example.com", "--quality", "7"];
  const names = async (...more: string[]) => {
    const { stdout } = await place.run(["list", "--json", ...options, ...more]);
    return JSON.parse(stdout).diagrams.map(({ name }: { name: string }) => name);
  };
  assert.deepEqual(await names("--updated", "2001-01-01"), ["wanted"]);
  assert.deepEqual(await names("--updated", "9999-01-01"), []);
});

Deno.test("list shows how far it is on a terminal only", async () => {
  await using place = await openSyncPlace();
  const piped = await place.run(["list"]);
  assert.equal(piped.stderr, "");
  const shown = await place.run(["list"], { isTty: true });
  assert.match(shown.stderr, /\[#{24}\] 12\/12 diagrams/);
  assert.ok(shown.stderr.endsWith("\x1b[2K"), "the line is wiped away");
});

Deno.test("list without settings for StormBPMN names them, with exit code 3", async () => {
  await using place = await openSyncPlace();
  const { code, stderr } = await place.run(["list"], { settings: {} });
  assert.equal(code, 3);
  assert.match(stderr, /STORMBPMN_BASE_URL is not set/);
  assert.match(stderr, /STORMBPMN_API_KEY is not set/);
});

Deno.test("a StormBPMN that refuses the key ends with exit code 4", async () => {
  await using place = await openSyncPlace();
  const { code, stdout, stderr } = await place.run(["list"], {
    settings: { ...place.settings, STORMBPMN_API_KEY: "old" },
  });
  assert.deepEqual([code, stdout], [4, ""]);
  assert.match(stderr, /^StormBPMN answered 401 .* Is STORMBPMN_API_KEY the team's current key.*\n$/);
});
