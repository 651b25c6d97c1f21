import assert from "node:assert/strict";
import { joinSignals } from "../../../lib/time/joined_signal.ts";

Deno.test("a joined signal aborts with the first of its signals, once and with its reason", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const { signal } = joinSignals(one.signal, other.signal);
  let aborts = 0;
  signal.addEventListener("abort", () => aborts++);
  assert.equal(signal.aborted, false);
  other.abort("the other");
  one.abort("the one");
  assert.deepEqual([signal.aborted, signal.reason, aborts], [true, "the other", 1]);
});

Deno.test("a signal joined with one that has aborted is aborted", () => {
  const { signal } = joinSignals(new AbortController().signal, AbortSignal.abort("before"));
  assert.deepEqual([signal.aborted, signal.reason], [true, "before"]);
});

Deno.test("a joined signal that was disposed no longer listens", () => {
  const source = new AbortController();
  const joined = joinSignals(source.signal);
  joined[Symbol.dispose]();
  source.abort();
  assert.equal(joined.signal.aborted, false);
});

Deno.test("nothing that is compiled uses AbortSignal.any, which loses aborts in older runtimes", async () => {
  const root = new URL("../../../", import.meta.url);
  const uses: string[] = [];
  const search = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await search(new URL(`${name}/`, folder));
      else if (name.endsWith(".ts") && /AbortSignal\.any\(/.test(await Deno.readTextFile(new URL(name, folder)))) {
        uses.push(name);
      }
    }
  };
  await search(new URL("lib/", root));
  await search(new URL("adapters/", root));
  assert.deepEqual(uses, []);
});
