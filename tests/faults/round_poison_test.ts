/**
 * What nobody can handle, on every queue that a program of the round consumes: each message is set aside once with its raw
 * body and a reason, whoever owns a task it names learns of it in Camunda, and good tasks beside it are not even slower.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { z } from "zod";
import { eventually } from "../lib/amqp/eventually.ts";
import { defaultQueue, errorsQueue, ignore, responsesQueue, taskQueue } from "./fault_world.ts";
import { Ledger } from "./ledger.ts";
import { openRoundWorld, RoundBook, type RoundWorld, sentQueue } from "./round_world.ts";

const goodTasks = 20;
const sizeLimit = 100_000;

/** A body, and the `error_type` under which it is set aside. */
type Poison = readonly [body: string | Uint8Array, type: string];

/** @param taskId of a task whose process must learn of it */
type PoisonFor = (taskId: () => string) => Poison[];

const unreadable = (type: string): Poison[] => [
  ["", type],
  ["{oops", type],
  ["[1, 2]", type],
  ["null", type],
  [Uint8Array.of(0x7b, 0xff, 0xfe), type],
  [`{"deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, type],
];

const text = JSON.stringify;
const huge = "x".repeat(sizeLimit);

const poison: Readonly<Record<string, PoisonFor>> = {
  [taskQueue]: (taskId) => [
    ...unreadable("malformed_message"),
    [text({ no_task_id: true }), "malformed_message"],
    [text({ task_id: taskId(), variables: "not an object" }), "malformed_message"],
    [text({ task_id: taskId(), topic: { a: 1 } }), "malformed_message"],
    [text({ task_id: taskId(), variables: { huge } }), "message_too_large"],
  ],
  [sentQueue]: (taskId) => [
    ...unreadable("malformed_message"),
    [text({ original_message: null }), "malformed_message"],
    [text({ original_message: { task_id: taskId() }, response_data: "made" }), "malformed_message"],
    [text({ original_message: { task_id: taskId() }, response_data: { huge } }), "message_too_large"],
    // No id of an object: looked for twice, like one that a person has deleted.
    [text({ original_message: { task_id: taskId() }, response_data: { result: { task: [] } } }), "missing_in_target"],
  ],
  [defaultQueue]: (taskId) => [
    ...unreadable("malformed_message"),
    [text({ task_id: taskId(), topic: "weigh_truck", system: "default" }), "unknown_topic"],
  ],
  [responsesQueue]: (taskId) => [
    ...unreadable("json_parse_error").slice(0, 2),
    [text({ processing_status: "completed" }), "processing_exception"],
    [text({ original_message: { task_id: taskId() }, processing_status: "splendid" }), "unknown_status"],
    [
      text({ original_message: { task_id: taskId() }, processing_status: "completed", response_data: { huge } }),
      "response_too_large",
    ],
  ],
};

const setAside = z.looseObject({
  error_type: z.string().optional(),
  source_queue: z.string().optional(),
  error_info: z.object({ type: z.string(), source_queue: z.string() }).optional(),
  original_message: z.looseObject({ raw_body: z.string().optional(), raw_body_base64: z.string().optional() }),
});

/** By the task it names, since some messages change on their way; else by its body, byte for byte. */
function keyOf(queue: string, type: string, body: string | Uint8Array): string {
  const named = typeof body === "string" ? /"task_id":"([^"]+)"/.exec(body)?.[1] : undefined;
  return `${type} in ${queue}: ${named ?? Buffer.from(body).toString("base64")}`;
}

/** The key of a message that was set aside. */
function keyIn(message: unknown): string {
  const { error_type, source_queue, error_info, original_message: original } = setAside.parse(message);
  const { raw_body: rawBody, raw_body_base64: base64 } = original;
  const body = base64 === undefined ? rawBody ?? text(original) : Buffer.from(base64, "base64");
  return keyOf(error_info?.source_queue ?? source_queue ?? "", error_info?.type ?? error_type ?? "", body);
}

Deno.test({
  name: "poison on every queue is set aside once with its raw body and reason, told to Camunda, and stops nobody else",
  ignore,
  async fn() {
    await using world = await openRoundWorld({ settings: { RABBITMQ_MAX_MESSAGE_BYTES: String(sizeLimit) } });
    const book = new RoundBook("good tasks beside poison", world);
    const ledger = new Ledger("poison on every queue");
    const { queues, engine } = world.faults;
    // Tasks that wait in Camunda for their messages: only the poison speaks of them.
    const named = await tasksOfNobody(world);
    const told: string[] = [];
    const nextTask = () => {
      const id = named.pop();
      assert.ok(id, "enough tasks for the poison");
      told.push(id);
      return id;
    };

    await world.startCreator();
    await world.startTracker();
    await world.faults.startWorker();
    await book.start(goodTasks / 2);
    for (const [queue, poisonFor] of Object.entries(poison)) {
      const bodies = poisonFor(nextTask);
      bodies.forEach(([body, type]) => ledger.attempt(keyOf(queue, type, body)));
      const confirmed = await queues.publish(queue, bodies.map(([body]) => body));
      bodies.forEach(([body, type], index) => confirmed[index] && ledger.acknowledge(keyOf(queue, type, body)));
    }
    await book.start(goodTasks / 2);
    await book.carriedThrough();

    await eventually(async () => {
      for (const message of await queues.takeBodies(errorsQueue)) ledger.effect(keyIn(message), crypto.randomUUID());
      return ledger.missing().length === 0;
    }, "all poison set aside").catch(() => {}); // the balance names what is missing
    ledger.balance();

    const incidents = z.array(z.object({ configuration: z.string() }));
    await eventually(async () => {
      const found = incidents.parse(await engine.call("GET", `/incident?tenantIdIn=${world.faults.tenantId}`));
      const ids = new Set(found.map(({ configuration }) => configuration));
      return told.every((id) => ids.has(id));
    }, "an incident for each task that poison named");
    for (const queue of Object.keys(poison)) assert.equal(await queues.depth(queue), 0, queue);
    await book.balance();
  },
});

/** Open tasks that no program takes: locked by the usual worker, as if their messages were lost. */
async function tasksOfNobody(world: RoundWorld): Promise<string[]> {
  const { engine, startInstances } = world.faults;
  const processInstanceIdIn = await startInstances(12);
  const ids = (await engine.externalTasks({ processInstanceIdIn })).map(({ id }) => id);
  for (const id of ids) {
    const lock = { workerId: "universal-worker", lockDuration: 3_600_000 };
    await engine.call("POST", `/external-task/${id}/lock`, lock);
  }
  return ids;
}
