/** What every `Broker` does. Registered once for the embedded broker and once for RabbitMQ. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Broker,
  type Claim,
  type Publication,
  PublishError,
  type QueueDeclaration,
  type Topology,
} from "../../../lib/amqp/broker.ts";
import { eventually } from "./eventually.ts";
import { bytes, Inbox } from "./inbox.ts";

/** A broker of its own for one test, with what happens to brokers. Disposal closes every connection. */
export interface BrokerUnderTest extends AsyncDisposable {
  readonly broker: Broker;
  secondConnection(): Promise<Broker>;
  /** Breaks every connection at once, as a network does. */
  breakConnections(): Promise<void>;
  deleteQueue(name: string): Promise<void>;
}

const never = new AbortController().signal;

function topology(parts: Partial<Topology>): Topology {
  return { exchanges: [], queues: [], bindings: [], ...parts };
}

function workQueues(...names: string[]): Topology {
  return topology({ queues: names.map((name): QueueDeclaration => ({ name, kind: "work" })) });
}

/** Publishes to a queue by its name. */
function send(broker: Broker, queue: string, text: string, more: Partial<Publication> = {}): Promise<void> {
  return broker.publish({ exchange: "", routingKey: queue, body: bytes(text), ...more });
}

/** The count of ready messages follows acks and returns by some milliseconds in a quorum queue. */
async function holds(broker: Broker, queue: string, messages: number): Promise<void> {
  await eventually(async () => {
    const state = await broker.inspect(queue);
    return state.kind === "present" && state.messages === messages;
  }, `${messages} ready messages in ${queue}`);
}

function failsWith(failure: PublishError["failure"]) {
  return (error: unknown) => error instanceof PublishError && error.failure === failure;
}

async function claimed(broker: Broker, name: string): Promise<Claim> {
  const claim = await broker.claim(name);
  assert.ok(claim, `${name} could not be claimed`);
  return claim;
}

export interface ContractOptions {
  readonly ignore?: boolean;
}

export function brokerContract(
  name: string,
  makeBroker: () => Promise<BrokerUnderTest>,
  options: ContractOptions = {},
): void {
  const contract = (behaviour: string, run: (test: BrokerUnderTest) => Promise<void>) =>
    Deno.test({
      name: `${name}: ${behaviour}`,
      ignore: options.ignore ?? false,
      fn: async () => {
        await using test = await makeBroker();
        await run(test);
      },
    });

  publishing(contract);
  routing(contract);
  consuming(contract);
  expiring(contract);
  losing(contract);
  claiming(contract);
  observing(contract);
}

type Contract = (behaviour: string, run: (test: BrokerUnderTest) => Promise<void>) => void;

function publishing(contract: Contract): void {
  contract("a message arrives with its body and properties", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    const inbox = new Inbox(broker, "q");
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    await broker.publish({
      exchange: "",
      routingKey: "q",
      body,
      messageId: "task-1",
      contentType: "text/plain",
      headers: { text: "Задача", count: 3, flag: true },
      timestampS: 1_700_000_000,
    });
    const delivery = await inbox.at(0);
    assert.deepEqual([...delivery.body], [...body]);
    assert.equal(delivery.queue, "q");
    assert.equal(delivery.exchange, "");
    assert.equal(delivery.routingKey, "q");
    assert.equal(delivery.messageId, "task-1");
    assert.equal(delivery.contentType, "text/plain");
    assert.equal(delivery.timestampS, 1_700_000_000);
    assert.equal(delivery.headers["text"], "Задача");
    assert.equal(delivery.headers["count"], 3);
    assert.equal(delivery.headers["flag"], true);
    assert.equal(delivery.redelivered, false);
    assert.equal(delivery.settled, false);
  });

  contract("the content type is JSON unless said otherwise", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    await send(broker, "q", "{}");
    assert.equal((await new Inbox(broker, "q").at(0)).contentType, "application/json");
  });

  contract("a body can be reused once publish has resolved", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    const body = bytes("first");
    await broker.publish({ exchange: "", routingKey: "q", body });
    body.fill(0);
    assert.deepEqual(await collect(broker, "q", 1), ["first"]);
  });

  contract("messages published at once arrive in the order of the calls", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    const texts = Array.from({ length: 300 }, (_, index) => String(index));
    await Promise.all(texts.map((text) => send(broker, "q", text)));
    assert.deepEqual(await collect(broker, "q", texts.length), texts);
  });

  contract("publish rejects a message that no queue takes", async ({ broker }) => {
    await broker.declare(topology({ exchanges: [{ name: "nowhere", type: "direct" }] }), never);
    await assert.rejects(send(broker, "absent", "x"), failsWith("unroutable"));
    await assert.rejects(
      broker.publish({ exchange: "nowhere", routingKey: "x", body: bytes("x") }),
      failsWith("unroutable"),
    );
  });

  contract("publish rejects a body over the limit and stays usable", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    const body = new Uint8Array(broker.maxBodyBytes + 1);
    await assert.rejects(broker.publish({ exchange: "", routingKey: "q", body }), failsWith("too_large"));
    await send(broker, "q", "small");
    assert.deepEqual(await collect(broker, "q", 1), ["small"]);
  });

  contract("a message that must not be lost for its size is taken over the limit", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    const body = new Uint8Array(broker.maxBodyBytes + 1);
    await broker.publish({ exchange: "", routingKey: "q", body, ignoreSizeLimit: true });
    assert.equal((await new Inbox(broker, "q").at(0)).body.byteLength, broker.maxBodyBytes + 1);
  });

  contract("publish rejects as not sent after close, and close can be repeated", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    await broker.close();
    await broker.close();
    assert.equal(broker.state().writable, false);
    await assert.rejects(send(broker, "q", "x"), failsWith("not_sent"));
  });
}

function routing(contract: Contract): void {
  contract("a direct exchange delivers to the queues bound with the very key", async ({ broker }) => {
    await broker.declare({
      exchanges: [{ name: "direct", type: "direct" }],
      queues: workQueues("a", "b", "other").queues,
      bindings: [
        { exchange: "direct", queue: "a", routingKey: "key" },
        { exchange: "direct", queue: "b", routingKey: "key" },
        { exchange: "direct", queue: "other", routingKey: "key.*" },
      ],
    }, never);
    await broker.publish({ exchange: "direct", routingKey: "key", body: bytes("x") });
    for (const [queue, messages] of [["a", 1], ["b", 1], ["other", 0]] as const) await holds(broker, queue, messages);
  });

  contract("a queue with several matching bindings gets one copy", async ({ broker }) => {
    await broker.declare({
      exchanges: [{ name: "topic", type: "topic" }],
      queues: workQueues("q").queues,
      bindings: ["s.*", "s.#", "#"].map((routingKey) => ({ exchange: "topic", queue: "q", routingKey })),
    }, never);
    await broker.publish({ exchange: "topic", routingKey: "s.t", body: bytes("x") });
    await holds(broker, "q", 1);
  });

  contract("the alternate exchange takes only what no binding takes", async ({ broker }) => {
    await broker.declare({
      exchanges: [
        { name: "unrouted", type: "fanout" },
        { name: "tasks", type: "topic", alternateExchange: "unrouted" },
      ],
      queues: workQueues("known", "rest").queues,
      bindings: [
        { exchange: "tasks", queue: "known", routingKey: "known.*" },
        { exchange: "unrouted", queue: "rest", routingKey: "" },
      ],
    }, never);
    await broker.publish({ exchange: "tasks", routingKey: "known.topic", body: bytes("1") });
    await broker.publish({ exchange: "tasks", routingKey: "strange.topic", body: bytes("2") });
    assert.deepEqual(await collect(broker, "known", 1), ["1"]);
    const [unrouted] = await collectDeliveries(broker, "rest", 1);
    assert.equal(unrouted?.routingKey, "strange.topic");
  });

  contract("topic patterns match as AMQP says", async ({ broker }) => {
    const word = fc.constantFrom("a", "b", "");
    const dotted = (part: fc.Arbitrary<string>) =>
      fc.array(part, { minLength: 1, maxLength: 4 }).map((words) => words.join("."));
    const patterns = fc.sample(dotted(fc.oneof(word, fc.constantFrom("*", "#"))), 25);
    const keys = fc.sample(dotted(word), 40);
    const queues = [...new Set(patterns)].map((pattern, index) => ({ name: `q${index}`, pattern }));
    await broker.declare({
      exchanges: [{ name: "topic", type: "topic" }],
      queues: queues.map(({ name }) => ({ name, kind: "work" })),
      bindings: queues.map(({ name, pattern }) => ({ exchange: "topic", queue: name, routingKey: pattern })),
    }, never);
    await Promise.all(keys.map(async (key) => {
      const taken = queues.some(({ pattern }) => expectedMatch(pattern, key));
      const publication = broker.publish({ exchange: "topic", routingKey: key, body: bytes(key) });
      if (taken) await publication;
      else await assert.rejects(publication, failsWith("unroutable"), `"${key}" matches none of ${patterns.join(" ")}`);
    }));
    for (const { name, pattern } of queues) {
      const expected = keys.filter((key) => expectedMatch(pattern, key));
      const texts = await collect(broker, name, expected.length);
      assert.deepEqual(texts.sort(), expected.sort(), `pattern "${pattern}"`);
    }
  });

  contract(
    "declaring the same again changes nothing; own queues with other arguments are refused",
    async ({ broker }) => {
      const delay = (messageTtlMs: number) =>
        topology({ queues: [{ name: "d", kind: "own", messageTtlMs, deadLetterTo: "q" }] });
      await broker.declare(workQueues("q"), never);
      await broker.declare(workQueues("q"), never);
      await broker.declare(delay(60_000), never);
      await broker.declare(delay(60_000), never);
      await assert.rejects(broker.declare(delay(30_000), never), /406/);
      await send(broker, "d", "still works");
      await holds(broker, "d", 1);
    },
  );
}

function consuming(contract: Contract): void {
  contract("an acknowledged message is gone", async ({ broker, secondConnection }) => {
    await broker.declare(workQueues("q"), never);
    await send(broker, "q", "x");
    const other = await secondConnection();
    const inbox = new Inbox(other, "q");
    const delivery = await inbox.at(0);
    delivery.ack();
    delivery.ack();
    delivery.giveBack();
    assert.equal(delivery.settled, true);
    await inbox.subscription.close();
    await other.close();
    await holds(broker, "q", 0);
  });

  contract("a message that is given back comes again first, marked as redelivered", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    for (const text of ["1", "2", "3"]) await send(broker, "q", text);
    const inbox = new Inbox(broker, "q", 1);
    (await inbox.at(0)).giveBack();
    const again = await inbox.at(1);
    assert.deepEqual(inbox.texts, ["1", "1"]);
    assert.equal(again.redelivered, true);
    again.ack();
    assert.equal((await inbox.at(2)).redelivered, false);
    assert.deepEqual(inbox.texts, ["1", "1", "2"]);
  });

  contract("no more than prefetch messages are in hand", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    for (const text of ["1", "2", "3", "4"]) await send(broker, "q", text);
    const inbox = new Inbox(broker, "q", 2);
    const first = await inbox.at(1);
    await holds(broker, "q", 2);
    assert.equal(inbox.deliveries.length, 2);
    first.ack();
    await inbox.count(3);
    assert.deepEqual(inbox.texts, ["1", "2", "3"]);
  });

  contract("competing consumers share a queue", async ({ broker, secondConnection }) => {
    await broker.declare(workQueues("q"), never);
    const one = new Inbox(broker, "q", 5);
    const other = new Inbox(await secondConnection(), "q", 5);
    for (let index = 0; index < 10; index++) await send(broker, "q", String(index));
    await one.count(5);
    await other.count(5);
    assert.deepEqual([...one.texts, ...other.texts].sort(), Array.from({ length: 10 }, (_, index) => String(index)));
  });

  contract("a cancelled subscription takes no more and can settle what it has", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    await send(broker, "q", "1");
    const inbox = new Inbox(broker, "q");
    const delivery = await inbox.at(0);
    await inbox.subscription.cancel();
    await inbox.subscription.cancel();
    await send(broker, "q", "2");
    delivery.ack();
    await inbox.subscription.close();
    assert.deepEqual(inbox.texts, ["1"]);
    assert.deepEqual(await collect(broker, "q", 1), ["2"]);
  });

  contract("closing a subscription gives back what it holds, in order", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    for (const text of ["1", "2", "3"]) await send(broker, "q", text);
    const inbox = new Inbox(broker, "q");
    await inbox.count(3);
    await inbox.subscription.close();
    await inbox.subscription.close();
    assert.ok(inbox.deliveries.every((delivery) => delivery.settled));
    const again = await collectDeliveries(broker, "q", 3);
    assert.deepEqual(again.map((delivery) => [delivery.text, delivery.redelivered]), [
      ["1", true],
      ["2", true],
      ["3", true],
    ]);
  });

  contract("a subscription says why nothing arrives and begins when its queue is declared", async (test) => {
    const { broker, secondConnection } = test;
    const inbox = new Inbox(broker, "late");
    await eventually(() => inbox.subscription.problem !== undefined, "a problem while the queue is absent");
    const other = await secondConnection();
    await other.declare(workQueues("late"), never);
    await send(other, "late", "x");
    await inbox.count(1, 40_000);
    assert.equal(inbox.subscription.problem, undefined);
  });
}

function expiring(contract: Contract): void {
  const delayed = (messageTtlMs: number) =>
    topology({ queues: [{ name: "q", kind: "work" }, { name: "d", kind: "own", messageTtlMs, deadLetterTo: "q" }] });

  contract("a message older than the queue's time to live moves to the dead-letter target", async ({ broker }) => {
    await broker.declare(delayed(100), never);
    const inbox = new Inbox(broker, "q");
    const sentAtMs = performance.now();
    await send(broker, "d", "x", { messageId: "task-1", headers: { "x-attempt": 2 } });
    const delivery = await inbox.at(0);
    assert.ok(performance.now() - sentAtMs >= 95, "it came too early");
    assert.equal(delivery.messageId, "task-1");
    assert.equal(delivery.headers["x-attempt"], 2);
    assert.equal(delivery.redelivered, false);
    assert.equal(delivery.routingKey, "q");
    assert.equal(delivery.exchange, "");
    assert.ok(Array.isArray(delivery.headers["x-death"]), "the broker notes where it expired");
  });

  contract("a message's own expiration moves it earlier, and strikes once only", async ({ broker }) => {
    await broker.declare(delayed(60_000), never);
    await send(broker, "d", "x", { expirationMs: 100 });
    await holds(broker, "q", 1);
    // Longer than its expiration was: it must not expire a second time.
    await new Promise((resolve) => setTimeout(resolve, 250));
    await holds(broker, "q", 1);
  });

  contract("messages that end on one tick come back together", async ({ broker }) => {
    await broker.declare(delayed(60_000), never);
    const inbox = new Inbox(broker, "q");
    const tickMs = Date.now() + 600;
    for (let index = 0; index < 20; index++) {
      await send(broker, "d", String(index), { expirationMs: Math.max(0, tickMs - Date.now()) });
    }
    assert.equal(inbox.deliveries.length, 0);
    await inbox.count(20);
    const lateMs = Date.now() - tickMs;
    assert.ok(lateMs < 2000, `${lateMs} ms after the tick`);
  });

  contract("a message expires only at the head of its queue", async ({ broker }) => {
    await broker.declare(delayed(60_000), never);
    const inbox = new Inbox(broker, "q");
    await send(broker, "d", "long", { expirationMs: 600 });
    await send(broker, "d", "short", { expirationMs: 50 });
    await inbox.count(2);
    assert.deepEqual(inbox.texts, ["long", "short"]);
  });
}

function losing(contract: Contract): void {
  contract("closing a connection gives back what it holds", async ({ broker, secondConnection }) => {
    await broker.declare(workQueues("q"), never);
    await send(broker, "q", "x");
    const other = await secondConnection();
    const lost = await new Inbox(other, "q").at(0);
    await other.close();
    assert.equal(lost.settled, true);
    const again = await new Inbox(broker, "q").at(0);
    assert.equal(again.redelivered, true);
  });

  contract("after a broken connection unsettled messages come again and work goes on", async (test) => {
    const { broker } = test;
    await broker.declare(workQueues("q"), never);
    await send(broker, "q", "1");
    const inbox = new Inbox(broker, "q");
    const stale = await inbox.at(0);
    await test.breakConnections();
    const again = await inbox.at(1);
    assert.equal(stale.settled, true);
    assert.equal(again.redelivered, true);
    stale.ack();
    again.ack();
    await broker.whenWritable(AbortSignal.timeout(20_000));
    await send(broker, "q", "2");
    assert.equal((await inbox.at(2)).redelivered, false);
    assert.deepEqual(inbox.texts, ["1", "1", "2"]);
    assert.equal(inbox.subscription.problem, undefined);
  });

  contract("a deleted queue is declared again and consumed", async (test) => {
    const { broker } = test;
    await broker.declare(workQueues("q"), never);
    const inbox = new Inbox(broker, "q");
    await send(broker, "q", "before");
    (await inbox.at(0)).ack();
    await test.deleteQueue("q");
    await eventually(
      async () => {
        const state = await broker.inspect("q");
        return state.kind === "present" && state.consumers === 1;
      },
      "the queue with its consumer",
      40_000,
    );
    await send(broker, "q", "after");
    await inbox.count(2);
    assert.deepEqual(inbox.texts, ["before", "after"]);
  });

  contract("a publication to a deleted queue makes it again for the next attempt", async (test) => {
    const { broker } = test;
    await broker.declare(workQueues("q"), never);
    await test.deleteQueue("q");
    await eventually(() => send(broker, "q", "x").then(() => true, () => false), "an accepted publication");
    assert.deepEqual(await collect(broker, "q", 1), ["x"]);
  });
}

function claiming(contract: Contract): void {
  contract("a claimed name is refused to others until it is released", async ({ broker, secondConnection }) => {
    const other = await secondConnection();
    const claim = await claimed(broker, "exchanger.lead.test");
    assert.equal(claim.name, "exchanger.lead.test");
    assert.equal(await other.claim("exchanger.lead.test"), undefined);
    await claimed(other, "exchanger.lead.another");
    await claim.release();
    await claim.release();
    assert.equal(claim.lost.aborted, false);
    await claimed(other, "exchanger.lead.test");
  });

  contract("a name claimed by another connection looks locked", async ({ broker, secondConnection }) => {
    const other = await secondConnection();
    const claim = await claimed(other, "exchanger.lead.test");
    assert.deepEqual(await broker.inspect("exchanger.lead.test"), { kind: "locked" });
    await claim.release();
    assert.deepEqual(await broker.inspect("exchanger.lead.test"), { kind: "absent" });
  });

  contract("closing a connection frees its claims", async ({ broker, secondConnection }) => {
    const other = await secondConnection();
    const claim = await claimed(other, "exchanger.lead.test");
    await other.close();
    assert.equal(claim.lost.aborted, true);
    await claimed(broker, "exchanger.lead.test");
  });

  contract("a claim is lost with its connection and can be taken again", async (test) => {
    const { broker } = test;
    const claim = await claimed(broker, "exchanger.lead.test");
    await test.breakConnections();
    await eventually(() => claim.lost.aborted, "the loss of the claim");
    await eventually(
      () => broker.claim("exchanger.lead.test").then((again) => again?.lost.aborted === false, () => false),
      "a new claim",
    );
  });
}

function observing(contract: Contract): void {
  contract("inspect counts ready messages and consumers, and says when there is no queue", async ({ broker }) => {
    await broker.declare(workQueues("q"), never);
    assert.deepEqual(await broker.inspect("absent"), { kind: "absent" });
    await send(broker, "q", "x");
    assert.deepEqual(await broker.inspect("q"), { kind: "present", messages: 1, consumers: 0 });
    await new Inbox(broker, "q").count(1);
    assert.deepEqual(await broker.inspect("q"), { kind: "present", messages: 0, consumers: 1 });
  });

  contract("a connected broker is writable and has no problem", async ({ broker }) => {
    await broker.whenWritable(AbortSignal.timeout(20_000));
    assert.deepEqual(broker.state(), { connected: true, writable: true, problem: undefined, unconfirmed: 0 });
    await assert.rejects(broker.whenWritable(AbortSignal.abort(new Error("enough"))), /enough/);
  });

  contract("events reach those who read their pattern, on every connection", async ({ broker, secondConnection }) => {
    const other = await secondConnection();
    const seen: string[] = [];
    const note = (reader: string) => (key: string, body: Uint8Array) =>
      void seen.push(`${reader} ${key} ${new TextDecoder().decode(body)}`);
    const own = broker.readEvents("task.*", note("own"));
    const all = other.readEvents("#", note("all"));
    // Readers are bound in the background: events before that are nobody's.
    await eventually(() => {
      broker.emit("task.probe", bytes("probe"));
      return seen.includes("own task.probe probe") && seen.includes("all task.probe probe");
    }, "both readers bound");
    broker.emit("system.paused", bytes("1"));
    broker.emit("task.created", bytes("2"));
    await eventually(() => seen.includes("own task.created 2") && seen.includes("all task.created 2"), "the event");
    assert.ok(seen.includes("all system.paused 1"));
    assert.ok(!seen.includes("own system.paused 1"));
    await own.close();
    await own.close();
    await all.close();
    const before = seen.length;
    broker.emit("task.created", bytes("3"));
    await send(broker, "absent", "a round trip behind it").catch(() => {});
    assert.equal(seen.length, before);
  });
}

/**
 * A channel of RabbitMQ 3.10.8 passes about 33 acks on to a quorum queue and keeps the others back until those are applied;
 * when it closes before, the others are lost and their messages come again. A small prefetch bounds the acks under way.
 */
const ackBurst = 20;

/** Takes and acknowledges that many messages, and sees that there are no more. */
async function collectDeliveries(broker: Broker, queue: string, count: number) {
  const inbox = new Inbox(broker, queue, ackBurst, (delivery) => delivery.ack());
  await inbox.count(count);
  await inbox.subscription.close();
  await holds(broker, queue, 0);
  assert.equal(inbox.deliveries.length, count);
  return inbox.deliveries.map(({ routingKey, redelivered }, index) => ({
    routingKey,
    redelivered,
    text: inbox.texts[index],
  }));
}

async function collect(broker: Broker, queue: string, count: number): Promise<(string | undefined)[]> {
  return (await collectDeliveries(broker, queue, count)).map(({ text }) => text);
}

/** The rule of AMQP 0-9-1 once more, as a regular expression over words that each end with a dot. */
function expectedMatch(pattern: string, key: string): boolean {
  const source = pattern === "" ? "" : pattern.split(".").map((word) => {
    if (word === "#") return "(?:[^.]*\\.)*";
    return word === "*" ? "[^.]*\\." : `${word}\\.`;
  }).join("");
  return new RegExp(`^${source}$`).test(key === "" ? "" : `${key}.`);
}
