import assert from "node:assert/strict";

/** Runs the demo as `deno task demo` does, in a folder without settings. */
async function demo(...args: string[]) {
  const permissions = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-env", "--allow-read=."];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, "demo.ts", ...args],
    cwd: new URL("..", import.meta.url),
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, lines: text(stdout).split("\n"), errors: text(stderr) };
}

Deno.test("the demo carries every instance to its end, once through the loop back, and says so in its last line", async () => {
  const { code, lines, errors } = await demo("--instances", "6", "--exit");
  assert.equal(errors, "", "nothing is worth a warning");
  assert.equal(lines.at(-1), "demo: 6 started, 6 completed, 0 lost, 0 duplicated");
  assert.equal(code, 0);
});

Deno.test("the demo refuses what is no number of instances", async () => {
  const { code, errors } = await demo("--instances", "many");
  assert.match(errors, /from 1 to 10000/);
  assert.equal(code, 2);
});
