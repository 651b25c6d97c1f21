import assert from "node:assert/strict";
import { plainResult, resultsBlock } from "../../../../adapters/bitrix24/creation/results_block.ts";

const file = (name: string) => ({ name, objectId: undefined });

Deno.test("results of the tasks before are listed task by task, in the predecessor's form", () => {
  const block = resultsBlock([
    { taskId: "5", results: [{ text: "a", files: [] }, { text: "b&nbsp;&#39;", files: [file("x"), file("")] }] },
    { taskId: "6", results: [{ text: "", files: [] }] },
    { taskId: "7", results: [] },
  ]);
  assert.equal(
    block,
    "[B]Результаты предшествующих задач:[/B]\n\n[B]Задача №5:[/B]\n  1. a\n  2. b&nbsp;&#39;\n     Файлы: x, файл\n\n" +
      "[B]Задача №6:[/B]\n",
  );
  assert.equal(resultsBlock([{ taskId: "7", results: [] }]), "");
});

Deno.test("HTML's signs are read once, where the predecessor read them twice", () => {
  assert.equal(plainResult("&quot;a&quot; &lt;b&gt; c&amp;d\u00a0e &#39;"), '"a" <b> c&d e &#39;');
  assert.equal(plainResult("&amp;lt;"), "&lt;");
});
