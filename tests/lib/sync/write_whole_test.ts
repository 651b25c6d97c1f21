import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWhole } from "../../../lib/sync/write_whole.ts";

Deno.test("a written file replaces the one before and leaves nothing else in its folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "made", "out.bpmn");
    await writeWhole(path, "first", new AbortController().signal);
    await writeWhole(path, "second", new AbortController().signal);
    assert.equal(await Deno.readTextFile(path), "second");
    assert.deepEqual([...Deno.readDirSync(join(folder, "made"))].map(({ name }) => name), ["out.bpmn"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a write that is interrupted leaves the file before as it was, and no partial one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "out.bpmn");
    await Deno.writeTextFile(path, "before");
    await assert.rejects(writeWhole(path, "after", AbortSignal.abort(new Error("stopped"))), /stopped/);
    assert.equal(await Deno.readTextFile(path), "before");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["out.bpmn"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
