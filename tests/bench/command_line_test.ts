import assert from "node:assert/strict";
import { figures } from "../../bench/figures.ts";

async function bench(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "bench/run.ts", ...args],
    cwd: new URL("../..", import.meta.url),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("deno task bench --list names every figure, and starts nothing", async () => {
  const { code, stdout, stderr } = await bench("--list");
  assert.equal(code, 0, stderr);
  const names = stdout.trim().split("\n").map((line) => line.split(" ")[0]);
  assert.deepEqual(names, Object.keys(figures));
});

Deno.test("an unknown figure and a count that is none are refused before anything is started", async () => {
  const unknown = await bench("worker.vs_bear");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /'worker\.vs_bear' is invalid.* Did you mean worker\.vs_bare\?/);
  const rounds = await bench("--rounds", "0");
  assert.equal(rounds.code, 2);
  assert.match(rounds.stderr, /'0' is invalid.* whole number, at least 1/);
});
