import assert from "node:assert/strict";
import fc from "fast-check";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { Converted } from "./drawing.ts";
import { drawnProcess } from "./process_pen.ts";
import { randomProcess } from "./random_processes.ts";

const RUNS = { numRuns: 150 };

/** Branches that lead straight to the same join have nothing to be told apart by if their labels say nothing; ours all do. */
Deno.test("any drawn process converts, keeps every id, and is converted to itself", async () => {
  await fc.assert(
    fc.asyncProperty(randomProcess, async (process) => {
      const { xml, ids } = drawnProcess(process);
      const result = await convert(xml);
      assert.equal(result.kind, "converted", JSON.stringify(result));
      const out = new Converted(result.xml);
      assert.deepEqual(ids.filter((id) => !out.has(id)), []);
      const again = await convert(result.xml);
      assert.equal(again.kind === "converted" && again.xml, result.xml);
      assertExecutable(out);
    }),
    RUNS,
  );
});

/** Rules of Camunda's parser that a random process could break. */
function assertExecutable(out: Converted): void {
  for (const gateway of [...out.all("exclusiveGateway"), ...out.all("inclusiveGateway")]) {
    const outgoing = gateway.children.filter(({ name }) => name === "outgoing").map(({ text }) => text);
    const bare = outgoing.filter((id) => out.condition(id) === undefined);
    if (outgoing.length === 1) assert.equal(bare.length, 1);
    else {
      const fallback = gateway.attributes.get("default");
      assert.deepEqual(bare, fallback === undefined ? [] : [fallback]);
    }
  }
  for (const flow of out.all("sequenceFlow")) {
    const condition = out.condition(flow.attributes.get("id") ?? "");
    const asked = /getVariable\("(\w+?)(?:_answer)?"\)/.exec(condition ?? "")?.[1];
    if (asked !== undefined) assert.equal(out.properties(asked)["UF_RESULT_EXPECTED"], "true");
  }
  for (const type of ["task", "userTask", "manualTask", "complexGateway", "adHocSubProcess"]) {
    assert.deepEqual(out.all(type), []);
  }
}
