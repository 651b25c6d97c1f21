import assert from "node:assert/strict";
import { readBody } from "../../../lib/tracker/call_body.ts";

Deno.test("a body that does not come is given up", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.write(new Uint8Array(3)).catch(() => {});
  const request = new Request("http://127.0.0.1/", { method: "POST", body: readable });
  assert.deepEqual(await readBody(request, 20), { kind: "broken_off" });
  await writer.abort().catch(() => {});
});

Deno.test("a body in pieces is read whole, and none is an empty one", async () => {
  const pieces = ReadableStream.from([new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])]);
  const request = new Request("http://127.0.0.1/", { method: "POST", body: pieces });
  assert.deepEqual(await readBody(request), { kind: "whole", body: new Uint8Array([1, 2, 3]) });
  const empty = new Request("http://127.0.0.1/", { method: "POST" });
  assert.deepEqual(await readBody(empty), { kind: "whole", body: new Uint8Array() });
});
