/**
 * The pictures of docs/sync.md are what the programs make of the diagrams beside this file. After a change that is meant, look
 * at them, then write them anew:
 *
 *     WRITE_PICTURES=1 deno test -A tests/lib/sync/render/documented_test.ts
 */
import assert from "node:assert/strict";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { renderSvg } from "../../../../lib/sync/render/render_svg.ts";
import decision from "./documented/decision.bpmn" with { type: "text" };
import lanes from "./documented/lanes.bpmn" with { type: "text" };
import questionTask from "./documented/question_task.bpmn" with { type: "text" };
import subProcess from "./documented/sub_process.bpmn" with { type: "text" };
import timerAndMessage from "./documented/timer_and_message.bpmn" with { type: "text" };

const documented = {
  decision,
  lanes,
  question_task: questionTask,
  sub_process: subProcess,
  timer_and_message: timerAndMessage,
};

const pictures = new URL("../../../../docs/pictures/", import.meta.url);

async function checkPicture(name: string, svg: string): Promise<void> {
  const path = new URL(name, pictures);
  if (Deno.env.get("WRITE_PICTURES") === "1") {
    await Deno.mkdir(pictures, { recursive: true });
    await Deno.writeTextFile(path, svg);
  }
  assert.ok(
    await Deno.readTextFile(path) === svg,
    `docs/pictures/${name} is out of date: WRITE_PICTURES=1 writes it anew`,
  );
}

for (const [rule, xml] of Object.entries(documented)) {
  Deno.test(`the documentation shows what becomes of a diagram: ${rule.replaceAll("_", " ")}`, async () => {
    const result = await convert(xml);
    assert.equal(result.kind, "converted", JSON.stringify(result));
    await checkPicture(`sync_${rule}_before.svg`, await renderSvg(xml));
    await checkPicture(`sync_${rule}_after.svg`, await renderSvg(result.xml));
  });
}

Deno.test("the documentation has no pictures of other rules", async () => {
  const wanted = Object.keys(documented).flatMap((rule) => [`sync_${rule}_before.svg`, `sync_${rule}_after.svg`]);
  const found: string[] = [];
  for await (const { name } of Deno.readDir(pictures)) if (name.startsWith("sync_")) found.push(name);
  assert.deepEqual(found.sort(), wanted.sort());
});
