import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { leftOut } from "../../deploy/left_out.ts";

Deno.test("an executable leaves out what only tests import, and what no runtime reads; code and licences stay", async () => {
  const paths = await leftOut(fileURLToPath(new URL("../../worker.ts", import.meta.url)));
  const some = (pattern: RegExp) => paths.some((path) => pattern.test(path));
  assert.ok(some(/\/fast-check\/[\d.]+$/), "a package that the worker does not import");
  assert.ok(some(/\/got\/[\d.]+$/), "a package that such a package brings along");
  assert.ok(some(/\/zod\/.*\.d\.ts$/), "declarations");
  assert.ok(some(/\.map$/), "source maps");
  assert.ok(!some(/\/(zod|amqplib|commander)\/[\d.]+$/), "a package that the worker imports");
  assert.ok(!some(/\.(js|mjs|cjs|json)$|LICENSE/), "code, data or a licence");
});
