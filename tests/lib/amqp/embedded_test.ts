/** What the contract cannot say: simulated time, alarms, and that the process stays alive. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { PublishError } from "../../../lib/amqp/broker.ts";
import { matchesTopic } from "../../../lib/amqp/embedded_exchanges.ts";
import { embeddedWith, fill, readyIn } from "./broker_fixture.ts";
import { eventually } from "./eventually.ts";
import { bytes, Inbox } from "./inbox.ts";
import { ManualClock, turn } from "./manual_clock.ts";

const never = new AbortController().signal;
const dayMs = 24 * 3600 * 1000;

Deno.test("a message waits exactly as long as the clock says, also longer than a timer can count", async () => {
  const clock = new ManualClock();
  await using owned = await embeddedWith(["q"], { clock });
  const { broker } = owned;
  await broker.declare({
    exchanges: [],
    queues: [{ name: "d", kind: "own", messageTtlMs: 60 * dayMs, deadLetterTo: "q" }],
    bindings: [],
  }, never);
  await fill(broker, "d", "x");
  await turn();
  for (let day = 0; day < 59; day++) await clock.advance(dayMs);
  await clock.advance(dayMs - 1);
  assert.deepEqual([await readyIn(broker, "d"), await readyIn(broker, "q")], [1, 0]);
  await clock.advance(1);
  assert.deepEqual([await readyIn(broker, "d"), await readyIn(broker, "q")], [0, 1]);
});

Deno.test("an expired message without its dead-letter target stays until the target is declared", async () => {
  const clock = new ManualClock();
  await using owned = await embeddedWith([], { clock });
  const { broker } = owned;
  await broker.declare({
    exchanges: [],
    queues: [{ name: "d", kind: "own", messageTtlMs: 1000, deadLetterTo: "q" }],
    bindings: [],
  }, never);
  await fill(broker, "d", "x");
  await turn();
  await clock.advance(5000);
  assert.equal(await readyIn(broker, "d"), 1);
  await broker.declare({ exchanges: [], queues: [{ name: "q", kind: "work" }], bindings: [] }, never);
  await turn();
  assert.deepEqual([await readyIn(broker, "d"), await readyIn(broker, "q")], [0, 1]);
});

Deno.test("a message that was given back keeps its age", async () => {
  const clock = new ManualClock();
  await using owned = await embeddedWith(["q"], { clock });
  const { broker } = owned;
  await broker.publish({ exchange: "", routingKey: "q", body: bytes("x"), expirationMs: 1000 });
  const inbox = new Inbox(broker, "q");
  const delivery = await inbox.at(0);
  await clock.advance(600);
  await inbox.subscription.cancel();
  delivery.giveBack();
  await turn();
  assert.equal(await readyIn(broker, "q"), 1);
  await clock.advance(400);
  assert.equal(await readyIn(broker, "q"), 0);
});

Deno.test("no sleeper of the clock is left after close", async () => {
  const clock = new ManualClock();
  {
    await using owned = await embeddedWith(["q"], { clock });
    await owned.broker.publish({ exchange: "", routingKey: "q", body: bytes("x"), expirationMs: 1000 });
    await turn();
    assert.equal(clock.sleeping, 1);
  }
  assert.equal(clock.sleeping, 0);
});

Deno.test("publishing waits while the broker is blocked, and ends unsent when aborted or closed", async () => {
  await using owned = await embeddedWith(["q"]);
  const { broker } = owned;
  broker.block("memory alarm");
  assert.deepEqual(broker.state(), { connected: true, writable: false, problem: "memory alarm", unconfirmed: 0 });
  const publication = { exchange: "", routingKey: "q", body: bytes("x") };
  const notSent = (error: unknown) => error instanceof PublishError && error.failure === "not_sent";
  await assert.rejects(broker.publish(publication, AbortSignal.abort()), notSent);
  const other = broker.connection("other");
  const closedMeanwhile = assert.rejects(other.publish(publication), notSent);
  await other.close();
  await closedMeanwhile;
  const waiting = broker.publish(publication);
  await turn();
  assert.equal(await readyIn(broker, "q"), 0);
  broker.unblock();
  await waiting;
  assert.equal(await readyIn(broker, "q"), 1);
});

Deno.test("a consumer that gives everything back does not starve the event loop", async () => {
  await using owned = await embeddedWith(["q"]);
  await fill(owned.broker, "q", "x");
  const inbox = new Inbox(owned.broker, "q", 1, (delivery) => delivery.giveBack());
  await eventually(() => inbox.deliveries.length > 3, "several redeliveries while this test still runs");
});

Deno.test("consumers with room take turns", async () => {
  await using owned = await embeddedWith(["q"]);
  const { broker } = owned;
  const [one, other] = [new Inbox(broker, "q"), new Inbox(broker, "q")];
  await fill(broker, "q", "1", "2", "3", "4");
  await other.count(2);
  assert.deepEqual([one.texts, other.texts], [["1", "3"], ["2", "4"]]);
});

Deno.test("one body sent to two consumers is two bodies", async () => {
  await using owned = await embeddedWith(["a", "b"]);
  const { broker } = owned;
  await broker.declare({
    exchanges: [{ name: "all", type: "fanout" }],
    queues: [],
    bindings: [{ exchange: "all", queue: "a", routingKey: "" }, { exchange: "all", queue: "b", routingKey: "" }],
  }, never);
  await broker.publish({ exchange: "all", routingKey: "", body: bytes("same") });
  const [a, b] = [new Inbox(broker, "a"), new Inbox(broker, "b")];
  (await a.at(0)).body.fill(0);
  await b.count(1);
  assert.deepEqual(b.texts, ["same"]);
});

Deno.test("a topology that contradicts what exists is refused as RabbitMQ refuses it", async () => {
  await using owned = await embeddedWith(["q"]);
  const { broker } = owned;
  const declare = (type: "topic" | "fanout", alternateExchange: string) =>
    broker.declare({ exchanges: [{ name: "x", type, alternateExchange }], queues: [], bindings: [] }, never);
  await declare("topic", "spare");
  await declare("topic", "spare");
  await assert.rejects(declare("fanout", "spare"), /406/);
  await assert.rejects(declare("topic", "other"), /406/);
  const bind = (exchange: string, queue: string) =>
    broker.declare({ exchanges: [], queues: [], bindings: [{ exchange, queue, routingKey: "k" }] }, never);
  await assert.rejects(bind("x", "absent"), /404/);
  await assert.rejects(bind("absent", "q"), /404/);
});

Deno.test("topic patterns match as a regular expression over words does", () => {
  const word = fc.constantFrom("a", "b", "");
  const dotted = (part: fc.Arbitrary<string>) => fc.array(part, { maxLength: 5 }).map((words) => words.join("."));
  fc.assert(fc.property(dotted(fc.oneof(word, fc.constantFrom("*", "#"))), dotted(word), (pattern, key) => {
    const source = pattern === "" ? "" : pattern.split(".").map((part) => {
      if (part === "#") return "(?:[^.]*\\.)*";
      return part === "*" ? "[^.]*\\." : `${part}\\.`;
    }).join("");
    assert.equal(matchesTopic(pattern, key), new RegExp(`^${source}$`).test(key === "" ? "" : `${key}.`));
  }));
});
