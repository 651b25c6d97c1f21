import assert from "node:assert/strict";
import { consumeBatches } from "../../../lib/amqp/batches.ts";
import type { BatchConsumer, BatchHandler, BatchOptions, Settlement } from "../../../lib/amqp/batches.ts";
import type { Broker, Delivery } from "../../../lib/amqp/broker.ts";
import { embeddedWith, fill, type OwnedBroker, readyIn } from "./broker_fixture.ts";
import { eventually } from "./eventually.ts";
import { textOf } from "./inbox.ts";
import { ManualClock, turn } from "./manual_clock.ts";
import { RecordedLog } from "./recorded_log.ts";

const never = new AbortController().signal;
const ack: Settlement = { kind: "ack" };
const giveBack: Settlement = { kind: "giveBack" };

function all(settlement: Settlement): BatchHandler {
  return (batch) => Promise.resolve(batch.map(() => settlement));
}

/** A queue, a consumer of batches and what its handler was given; the handler acknowledges unless told otherwise. */
class Scene implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly log = new RecordedLog();
  readonly batches: string[][] = [];
  handler: BatchHandler = all(ack);

  private constructor(readonly owned: OwnedBroker) {}

  static async open(): Promise<Scene> {
    return new Scene(await embeddedWith(["q"]));
  }

  get broker() {
    return this.owned.broker;
  }

  consume(options: Partial<BatchOptions> = {}): BatchConsumer {
    const { clock, log } = this;
    const defaults: BatchOptions = {
      batchSize: 3,
      windowMs: 100,
      concurrency: 1,
      backoff: { firstMs: 1000, capMs: 1000, random: () => 1 },
      clock,
      log,
    };
    return consumeBatches(this.broker, "q", { ...defaults, ...options }, (batch, signal) => {
      this.batches.push(batch.map(textOf));
      return this.handler(batch, signal);
    });
  }

  async began(batches: number): Promise<void> {
    await eventually(() => this.batches.length >= batches, `${batches} batches begun`, 5000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned[Symbol.asyncDispose]();
  }
}

/** A handler that waits to be told how each batch ends. */
class Held {
  readonly waiting: { batch: readonly Delivery[]; signal: AbortSignal; end: (settlement: Settlement) => void }[] = [];
  readonly handler: BatchHandler = (batch, signal) =>
    new Promise((resolve) => {
      this.waiting.push({ batch, signal, end: (settlement) => resolve(batch.map(() => settlement)) });
    });

  end(index: number, settlement: Settlement): void {
    const held = this.waiting[index];
    if (held === undefined) throw new Error(`No batch ${index} is held`);
    held.end(settlement);
  }
}

Deno.test("a full batch is handled at once", async () => {
  await using scene = await Scene.open();
  await fill(scene.broker, "q", "1", "2", "3");
  const consumer = scene.consume();
  await scene.began(1);
  assert.deepEqual(scene.batches, [["1", "2", "3"]]);
  await consumer.drain(never);
  assert.equal(await readyIn(scene.broker, "q"), 0);
});

Deno.test("a batch that does not fill is handled when its window has passed", async () => {
  await using scene = await Scene.open();
  await fill(scene.broker, "q", "1", "2");
  const consumer = scene.consume();
  await eventually(() => consumer.inHand === 2, "both gathered");
  await scene.clock.advance(99);
  assert.deepEqual(scene.batches, []);
  await scene.clock.advance(1);
  assert.deepEqual(scene.batches, [["1", "2"]]);
  await consumer.drain(never);
});

Deno.test("no more batches than allowed are handled at once, and no message is taken beyond them", async () => {
  await using scene = await Scene.open();
  const held = new Held();
  scene.handler = held.handler;
  await fill(scene.broker, "q", "1", "2", "3", "4", "5", "6", "7");
  const consumer = scene.consume({ batchSize: 2, concurrency: 2 });
  await scene.began(2);
  await turn();
  assert.deepEqual(scene.batches, [["1", "2"], ["3", "4"]]);
  assert.equal(consumer.inHand, 4);
  assert.equal(await readyIn(scene.broker, "q"), 3);
  held.end(1, ack);
  await scene.began(3);
  assert.deepEqual(scene.batches[2], ["5", "6"]);
  held.end(0, ack);
  held.end(2, ack);
  await consumer.drain(never);
});

Deno.test("messages taken beyond the slots wait for one, as a batch", async () => {
  await using scene = await Scene.open();
  const held = new Held();
  scene.handler = held.handler;
  await fill(scene.broker, "q", "1", "2", "3", "4", "5", "6");
  const consumer = scene.consume({ batchSize: 2, prefetch: 6 });
  await eventually(() => consumer.inHand === 6, "all taken");
  assert.deepEqual(scene.batches, [["1", "2"]]);
  for (const index of [0, 1, 2]) {
    await scene.began(index + 1);
    held.end(index, ack);
  }
  await consumer.drain(never);
  assert.deepEqual(scene.batches, [["1", "2"], ["3", "4"], ["5", "6"]]);
});

Deno.test("a success ends the growth of the back-off time", async () => {
  await using scene = await Scene.open();
  const consumer = scene.consume({ batchSize: 1, backoff: { firstMs: 1000, capMs: 60_000, random: () => 1 } });
  const fails: BatchHandler = () => Promise.reject(new Error("no"));
  const holds = async (ms: number, then: BatchHandler) => {
    const before = scene.batches.length;
    await eventually(() => scene.clock.sleeping === 1, "a batch held");
    scene.handler = then;
    await scene.clock.advance(ms - 1);
    assert.equal(scene.batches.length, before);
    await scene.clock.advance(1);
    await scene.began(before + 1);
  };
  scene.handler = fails;
  await fill(scene.broker, "q", "1");
  await holds(1000, fails);
  await holds(2000, all(ack));
  scene.handler = fails;
  await fill(scene.broker, "q", "2");
  await holds(1000, all(ack));
  await consumer.drain(never);
});

Deno.test("a failed batch is logged, held for a back-off time and then comes again", async () => {
  await using scene = await Scene.open();
  scene.handler = () => Promise.reject(new Error("the portal said no"));
  await fill(scene.broker, "q", "1", "2", "3");
  const consumer = scene.consume();
  await scene.began(1);
  await turn();
  assert.deepEqual(scene.log.codes, ["amqp.batch_failed"]);
  assert.match(scene.log.messages[0] ?? "", /the portal said no/);
  assert.equal(consumer.failures, 1);
  assert.match(consumer.problem ?? "", /the portal said no/);
  await scene.clock.advance(999);
  assert.equal(scene.batches.length, 1);
  assert.equal(consumer.inHand, 3);
  scene.handler = all(ack);
  await scene.clock.advance(1);
  await scene.began(2);
  assert.deepEqual(scene.batches[1], ["1", "2", "3"]);
  await eventually(() => consumer.problem === undefined, "no problem after success");
  await consumer.drain(never);
  assert.equal(await readyIn(scene.broker, "q"), 0);
});

Deno.test("a handler that forgets a message has failed", async () => {
  await using scene = await Scene.open();
  scene.handler = () => Promise.resolve([ack]);
  await fill(scene.broker, "q", "1", "2", "3");
  const consumer = scene.consume();
  await eventually(() => consumer.failures === 1, "a failure");
  assert.match(scene.log.messages[0] ?? "", /settled 1 of 3/);
  await consumer.drain(never);
  assert.equal(await readyIn(scene.broker, "q"), 3);
});

Deno.test("messages given back while consuming are held too, those acknowledged are gone at once", async () => {
  await using scene = await Scene.open();
  scene.handler = (batch) => Promise.resolve(batch.map((delivery) => textOf(delivery) === "2" ? giveBack : ack));
  await fill(scene.broker, "q", "1", "2", "3");
  const consumer = scene.consume();
  await scene.began(1);
  await turn();
  await turn();
  assert.equal(scene.batches.length, 1);
  assert.equal(consumer.failures, 0);
  await scene.clock.advance(1000);
  await eventually(() => consumer.inHand === 1, "the message again");
  await scene.clock.advance(100);
  assert.deepEqual(scene.batches[1], ["2"]);
  await consumer.drain(never);
});

Deno.test("a handler can pause its own consumer and give back at once", async () => {
  await using scene = await Scene.open();
  await fill(scene.broker, "q", "1", "2", "3", "4", "5", "6");
  scene.handler = async (batch) => {
    await consumer.pause("the portal is down");
    return batch.map(() => giveBack);
  };
  const consumer: BatchConsumer = scene.consume();
  await scene.began(1);
  await eventually(async () => await readyIn(scene.broker, "q") === 6, "everything given back");
  assert.equal(consumer.problem, "q is paused: the portal is down");
  assert.equal(consumer.inHand, 0);
  assert.equal(scene.batches.length, 1);
  await consumer.drain(never);
});

Deno.test("pause gives back what was gathered, once, and lets the batch under way finish", async () => {
  await using scene = await Scene.open();
  const held = new Held();
  scene.handler = held.handler;
  await fill(scene.broker, "q", "1", "2", "3", "4");
  const consumer = scene.consume({ prefetch: 4 });
  await scene.began(1);
  await eventually(() => consumer.inHand === 4, "one more gathered");
  await consumer.pause("an operator said so");
  assert.equal(consumer.inHand, 3);
  assert.equal(await readyIn(scene.broker, "q"), 1);
  held.end(0, ack);
  await eventually(() => consumer.inHand === 0, "the batch settled");
  await turn();
  assert.equal(await readyIn(scene.broker, "q"), 1);
  consumer.resume();
  assert.equal(consumer.problem, undefined);
  await eventually(() => consumer.inHand === 1, "the last one again");
  await scene.clock.advance(100);
  assert.deepEqual(scene.batches, [["1", "2", "3"], ["4"]]);
  held.end(1, ack);
  await consumer.drain(never);
});

Deno.test("a probe takes single messages until consuming resumes", async () => {
  await using scene = await Scene.open();
  const consumer = scene.consume();
  await consumer.pause("the portal is down");
  const held = new Held();
  scene.handler = held.handler;
  await fill(scene.broker, "q", "1", "2", "3", "4");
  consumer.probe();
  await eventually(() => consumer.inHand === 1, "one message");
  await scene.clock.advance(0);
  assert.deepEqual(scene.batches, [["1"]]);
  assert.equal(await readyIn(scene.broker, "q"), 3);
  assert.match(consumer.problem ?? "", /probed.*the portal is down/);
  consumer.resume();
  held.end(0, ack);
  await scene.began(2);
  assert.deepEqual(scene.batches[1], ["2", "3", "4"]);
  assert.deepEqual(await scene.broker.inspect("q"), { kind: "present", messages: 0, consumers: 1 });
  held.end(1, ack);
  await consumer.drain(never);
});

Deno.test("drain waits for the batches under way and gives back the rest", async () => {
  await using scene = await Scene.open();
  const held = new Held();
  scene.handler = held.handler;
  await fill(scene.broker, "q", "1", "2", "3", "4");
  const consumer = scene.consume({ prefetch: 4 });
  await scene.began(1);
  await eventually(() => consumer.inHand === 4, "one more gathered");
  let drained = false;
  const draining = consumer.drain(never).then(() => {
    drained = true;
  });
  await eventually(async () => await readyIn(scene.broker, "q") === 1, "the gathered message given back");
  assert.equal(drained, false);
  held.end(0, ack);
  await draining;
  assert.equal(await readyIn(scene.broker, "q"), 1);
  consumer.resume();
  consumer.probe();
  await turn();
  assert.equal(scene.batches.length, 1);
  await consumer.drain(never);
});

Deno.test("a forced drain tells the handlers, gives back what they hold and does not wait for them", async () => {
  await using scene = await Scene.open();
  const held = new Held();
  scene.handler = held.handler;
  await fill(scene.broker, "q", "1", "2", "3");
  const consumer = scene.consume();
  await scene.began(1);
  const force = new AbortController();
  const draining = consumer.drain(force.signal);
  await turn();
  assert.equal(held.waiting[0]?.signal.aborted, false);
  force.abort(new Error("second signal"));
  await draining;
  assert.equal(held.waiting[0]?.signal.aborted, true);
  assert.equal(await readyIn(scene.broker, "q"), 3);
  held.end(0, ack);
  await turn();
  assert.equal(await readyIn(scene.broker, "q"), 3);
  assert.deepEqual(scene.log.codes, []);
});

Deno.test("a handler that ends because of a forced drain has not failed", async () => {
  await using scene = await Scene.open();
  scene.handler = (_batch, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  await fill(scene.broker, "q", "1", "2", "3");
  const consumer = scene.consume();
  await scene.began(1);
  await consumer.drain(AbortSignal.abort(new Error("second signal")));
  await turn();
  assert.equal(consumer.failures, 0);
  assert.deepEqual(scene.log.codes, []);
});

Deno.test("messages that come while a cancel is under way are given back after it", async () => {
  const told: string[] = [];
  const cancelled = Promise.withResolvers<void>();
  let deliver = (_delivery: Delivery): void => {};
  const slowBroker: Pick<Broker, "subscribe"> = {
    subscribe: (queue, _options, onDelivery) => {
      deliver = onDelivery;
      return { queue, problem: undefined, cancel: () => cancelled.promise, close: () => Promise.resolve() };
    },
  };
  const delivery: Delivery = {
    queue: "q",
    exchange: "",
    routingKey: "q",
    body: new Uint8Array(),
    headers: {},
    redelivered: false,
    settled: false,
    ack: () => void told.push("ack"),
    giveBack: () => void told.push("giveBack"),
  };
  const options = { batchSize: 1, windowMs: 0, concurrency: 1, clock: new ManualClock(), log: new RecordedLog() };
  const consumer = consumeBatches(slowBroker, "q", options, all(ack));
  const pausing = consumer.pause("test");
  deliver(delivery);
  await turn();
  assert.deepEqual(told, []);
  cancelled.resolve();
  await pausing;
  assert.deepEqual(told, ["giveBack"]);
  await consumer.drain(never);
});

Deno.test("a drain cuts the back-off of a failed batch short", async () => {
  await using scene = await Scene.open();
  scene.handler = () => Promise.reject(new Error("no"));
  await fill(scene.broker, "q", "1", "2", "3");
  const consumer = scene.consume();
  await eventually(() => consumer.failures === 1, "a failure");
  await consumer.drain(never);
  assert.equal(await readyIn(scene.broker, "q"), 3);
  assert.equal(scene.clock.sleeping, 0);
});

Deno.test("messages lost with their connection before they were handled are handled once", async () => {
  await using scene = await Scene.open();
  await fill(scene.broker, "q", "1", "2");
  const consumer = scene.consume({ prefetch: 10, batchSize: 10 });
  await eventually(() => consumer.inHand === 2, "both gathered");
  scene.broker.breakConnections();
  await eventually(() => consumer.inHand === 4, "both gathered again");
  await scene.clock.advance(100);
  assert.deepEqual(scene.batches, [["1", "2"]]);
  await consumer.drain(never);
});

Deno.test("progress is noted when a batch begins and when it ends", async () => {
  await using scene = await Scene.open();
  const held = new Held();
  scene.handler = held.handler;
  const startedAt = scene.clock.now();
  const consumer = scene.consume();
  assert.equal(consumer.lastProgressAt, startedAt);
  await scene.clock.advance(500);
  await fill(scene.broker, "q", "1", "2", "3");
  await scene.began(1);
  assert.equal(consumer.lastProgressAt, startedAt + 500);
  await scene.clock.advance(700);
  assert.equal(consumer.lastProgressAt, startedAt + 500);
  held.end(0, ack);
  await eventually(() => consumer.lastProgressAt === startedAt + 1200, "the end noted");
  await consumer.drain(never);
});

Deno.test("a missing queue is the consumer's problem", async () => {
  await using scene = await Scene.open();
  const options = { batchSize: 1, windowMs: 0, concurrency: 1, clock: scene.clock, log: scene.log };
  const consumer = consumeBatches(scene.broker, "absent", options, all(ack));
  assert.match(consumer.problem ?? "", /absent/);
  await consumer.drain(never);
});

Deno.test("limits that cannot work are refused", async () => {
  await using scene = await Scene.open();
  assert.throws(() => scene.consume({ batchSize: 0 }), RangeError);
  assert.throws(() => scene.consume({ concurrency: 0 }), RangeError);
  assert.throws(() => scene.consume({ batchSize: 10, prefetch: 9 }), RangeError);
  assert.throws(() => scene.consume({ prefetch: 65_536 }), RangeError);
});
