import assert from "node:assert/strict";
import { once } from "node:events";
import { Duplex, Writable } from "node:stream";
import amqplib from "amqplib";
import { coalesceWrites } from "../../../lib/amqp/coalesced_writes.ts";
import { rabbitMqAvailable } from "../../services/rabbitmq.ts";

type Model = Parameters<typeof coalesceWrites>[0];

/** A connection whose socket notes what reaches the system at a time. */
function recorded() {
  const sent: string[] = [];
  const note = (chunks: readonly { chunk: Uint8Array }[]) =>
    sent.push(chunks.map(({ chunk }) => new TextDecoder().decode(chunk)).join(""));
  const stream = new Duplex({
    read() {},
    write: (chunk, _encoding, done) => (note([{ chunk }]), done()),
    writev: (chunks, done) => (note(chunks), done()),
  });
  return { sent, stream, model: { connection: { stream } } as unknown as Model };
}

Deno.test("what is written in one go reaches the system together, in order, before anything else happens", async () => {
  const { sent, stream, model } = recorded();
  coalesceWrites(model);
  for (const text of ["a", "b", "c"]) stream.write(new TextEncoder().encode(text));
  assert.deepEqual(sent, []);
  await Promise.resolve();
  assert.deepEqual(sent, ["abc"]);
  stream.write(new TextEncoder().encode("d"));
  await Promise.resolve();
  assert.deepEqual(sent, ["abc", "d"]);
});

Deno.test("an end right after a write loses nothing", async () => {
  const { sent, stream, model } = recorded();
  coalesceWrites(model);
  stream.write(new TextEncoder().encode("last"));
  stream.end();
  await once(stream, "finish");
  assert.deepEqual(sent, ["last"]);
});

Deno.test("a connection that keeps its socket elsewhere stays as it is", () => {
  coalesceWrites({ connection: {} } as unknown as Model);
});

Deno.test({
  name: "amqplib keeps its socket where the writes are coalesced",
  ignore: !rabbitMqAvailable,
  async fn() {
    const model = await amqplib.connect(Deno.env.get("RABBITMQ_URL") ?? "");
    try {
      assert.ok(Reflect.get(model.connection, "stream") instanceof Writable);
    } finally {
      await model.close();
    }
  },
});
