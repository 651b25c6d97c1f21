/**
 * Webhooks of Bitrix24, all the way: a person finishes a task, the portal calls the tracker, the process goes on. Its ledger
 * counts process instances and the ends of their tasks in the engine.
 */
import assert from "node:assert/strict";
import { program as creator } from "../../creator.ts";
import { errorsQueue, sentQueueOf, waitingQueueName } from "../../lib/amqp/topology.ts";
import { program as tracker } from "../../tracker.ts";
import { Ledger } from "../faults/ledger.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { oneTask } from "../simulators/camunda/contract_bench.ts";
import { topic } from "./one_task.ts";
import type { RunningProgram } from "./running_program.ts";
import { available, createWorld, type World, worldKinds } from "./world.ts";

const TOKEN = "token-of-the-webhook";

/** A world whose portal calls the tracker, with its programs. */
async function calledWorld(world: World, intervalS: number, token = TOKEN): Promise<RunningProgram> {
  const port = freePort();
  world.portal?.webhooks.register({ url: `http://127.0.0.1:${port}/webhooks/bitrix24`, applicationToken: token });
  await world.deploy(oneTask(topic));
  world.run(creator);
  const running = world.run(tracker, {
    TRACKER_INTERVAL_SECONDS: String(intervalS),
    TRACKER_WEBHOOK_PORT: String(port),
    BITRIX_APPLICATION_TOKEN: `another-webhook,${TOKEN}`,
  });
  await world.runWorker({ WORKER_NEEDS_CONSUMER: "true" });
  return running;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Instances whose tasks wait for people. */
async function startOpen(world: World, running: RunningProgram, count: number): Promise<string[]> {
  const instances: string[] = [];
  while (instances.length < count) instances.push(await world.start({ startedBy: { value: "1", type: "String" } }));
  await running.logged("tracker.waiting", count);
  return instances;
}

/** Until the next tick is so far away that it cannot be what answers. */
async function farFromTick(intervalS: number, leftMs: number): Promise<void> {
  const intervalMs = intervalS * 1_000;
  await eventually(() => intervalMs - Date.now() % intervalMs > leftMs, "a moment far from a tick", intervalMs * 2);
}

function finishAll(world: World): string[] {
  const open = world.portal?.people.openTasks() ?? [];
  for (const { id } of open) world.portal?.people.finish(id);
  return open.map(({ id }) => id);
}

async function balance(world: World, name: string, instances: readonly string[]): Promise<void> {
  const ledger = new Ledger(name);
  for (const instance of instances) {
    ledger.attempt(instance);
    ledger.acknowledge(instance);
    await world.completed(instance);
    ledger.effect(instance, "completed");
  }
  assert.equal(ledger.balance().ok, instances.length);
}

for (const kind of worldKinds) {
  const ignore = !available(kind);

  Deno.test(
    `webhooks, ${kind}: a finished task goes on within moments, an hour before its next look`,
    { ignore },
    async () => {
      await using world = await createWorld(kind, { portal: {} });
      const running = await calledWorld(world, 3_600);
      const instances = await startOpen(world, running, 10);
      await farFromTick(3_600, 30_000);
      const startMs = Date.now();
      const finished = finishAll(world);
      await balance(world, `webhooks, ${kind}`, instances);
      assert.ok(Date.now() - startMs < 10_000, `${Date.now() - startMs} ms`);
      const answered = running.linesOf("tracker.answered");
      assert.deepEqual(answered.map(({ fields }) => fields["hinted"]), instances.map(() => true));
      for (const { fields } of answered) assert.ok(Number(fields["durationMs"]) < 5_000, `${fields["durationMs"]} ms`);
      assert.deepEqual(finished.flatMap((id) => world.portal?.comments(id)), []);
      assert.equal(await world.messagesIn(waitingQueueName("bitrix24", 3_600)), instances.length);
    },
  );

  Deno.test(
    `webhooks, ${kind}: what waited for a task that is done ends without a word at its tick`,
    { ignore },
    async () => {
      await using world = await createWorld(kind, { portal: {} });
      const running = await calledWorld(world, 6);
      const instances = await startOpen(world, running, 5);
      await farFromTick(6, 4_000);
      const finished = finishAll(world);
      await balance(world, `webhooks and ticks, ${kind}`, instances);
      assert.equal(running.linesOf("tracker.answered").filter(({ fields }) => fields["hinted"]).length, 5);
      await running.logged("tracker.wait_ended", 5);
      for (const queue of [waitingQueueName("bitrix24", 6), sentQueueOf("bitrix24"), errorsQueue]) {
        await eventually(async () => await world.messagesIn(queue) === 0, `${queue} is empty`);
      }
      assert.equal(running.linesOf("tracker.answered").length, 5);
      assert.deepEqual(running.linesOf("tracker.withdrawn"), []);
      assert.deepEqual(finished.flatMap((id) => world.portal?.comments(id)), []);
    },
  );
}

Deno.test("webhooks: a tracker that starts anew does not know what was answered, and nobody hears of it either", async () => {
  await using world = await createWorld("embedded", { portal: {} });
  const running = await calledWorld(world, 4);
  const instances = await startOpen(world, running, 5);
  await farFromTick(4, 2_500);
  const finished = finishAll(world);
  await running.logged("tracker.answered", 5);
  await running.stop();
  await balance(world, "webhooks and a new tracker", instances);
  const next = world.run(tracker, { TRACKER_INTERVAL_SECONDS: "4" });
  await next.logged("tracker.withdrawn", 5);
  await eventually(async () => await world.messagesIn(waitingQueueName("bitrix24", 4)) === 0, "nothing waits");
  assert.deepEqual(running.linesOf("tracker.answered").map(({ fields }) => fields["hinted"]), Array(5).fill(true));
  assert.deepEqual(finished.flatMap((id) => world.portal?.comments(id)), []);
});

Deno.test("webhooks: a portal that sends a wrong token is refused, and its tasks are answered at their ticks", async () => {
  await using world = await createWorld("embedded", { portal: {} });
  const running = await calledWorld(world, 1, "wrong");
  const instances = await startOpen(world, running, 3);
  finishAll(world);
  await balance(world, "webhooks, wrong token", instances);
  assert.equal(running.linesOf("tracker.answered").filter(({ fields }) => fields["hinted"]).length, 0);
  const { message, fields } = await running.logged("tracker.webhook_failed");
  assert.doesNotMatch(JSON.stringify([message, fields]), /wrong|token-of/);
});

Deno.test("webhooks: of two trackers the one that leads answers, whichever the portal calls first", async () => {
  await using world = await createWorld("embedded", { portal: {} });
  const leading = await calledWorld(world, 3_600);
  const [instance = ""] = await startOpen(world, leading, 1);
  const port = freePort();
  const other = world.run(tracker, {
    TRACKER_INTERVAL_SECONDS: "3600",
    TRACKER_WEBHOOK_PORT: String(port),
    BITRIX_APPLICATION_TOKEN: TOKEN,
  });
  await other.logged("program.standing_by");
  const body = new URLSearchParams({ "event": "ONTASKUPDATE", "auth[application_token]": TOKEN });
  body.set("data[FIELDS_AFTER][ID]", world.portal?.people.openTasks()[0]?.id ?? "");
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/bitrix24`, { method: "POST", body });
  assert.deepEqual(
    [answer.status, await answer.text()],
    [503, "Another tracker leads\n"],
    "a proxy tries the next one",
  );
  finishAll(world);
  await world.completed(instance);
});
