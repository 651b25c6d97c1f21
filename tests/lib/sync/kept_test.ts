import assert from "node:assert/strict";
import { kept } from "../../../lib/sync/kept.ts";

Deno.test("what is kept says the same, whatever it is", () => {
  const values = [undefined, null, "Приём", 7, ["a"], { report: [{ kind: "lost", reason: "x" }], facts: undefined }];
  for (const value of values) assert.deepEqual(kept(value), value);
});

Deno.test("a part of a text that is kept lets go of the whole", async () => {
  const [copied, pointing] = [await heapMb("kept"), await heapMb("(part) => part")];
  assert.ok(pointing > 100, `a part points into the whole: ${pointing} MB`);
  assert.ok(copied < 30, `a copy does not: ${copied} MB`);
});

/** Megabytes in use by a program that has read 40 texts of 3 MB and wants 40 letters of each. */
async function heapMb(copy: string): Promise<number> {
  const code = `
    import { kept } from "${new URL("../../../lib/sync/kept.ts", import.meta.url)}";
    const parts = [];
    for (let number = 0; number < 40; number++) {
      const whole = number + "абв".repeat(500_000);
      new TextEncoder().encode(whole); // joins what it is made of
      parts.push((${copy})(whole.slice(0, 40)));
    }
    gc();
    console.log(Deno.memoryUsage().heapUsed / 1e6, parts.length);`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "--v8-flags=--expose-gc", code],
  }).output();
  return Number.parseFloat(new TextDecoder().decode(stdout));
}
