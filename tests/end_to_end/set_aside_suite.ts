/** What cannot be handled: responses that nobody can read or apply, processes that cannot go on, tasks that are gone. */
import assert from "node:assert/strict";
import { z } from "zod";
import { errorsQueue } from "../../lib/amqp/topology.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { textOf } from "../lib/amqp/inbox.ts";
import { end, external, flows, oneTask, start } from "../simulators/camunda/contract_bench.ts";
import { begin, taskQueue, topic } from "./one_task.ts";
import { shown, type WorldTest } from "./suite.ts";
import { finished, response, taskOf } from "./task_messages.ts";

/** The predecessor's kind B, with what we add. */
const setAsideResponse = z.object({
  kind: z.literal("response"),
  error_info: z.object({
    type: z.string(),
    message: z.string(),
    camunda_error_type: z.string().nullable(),
    camunda_error_message: z.string().nullable(),
    http_status_code: z.number().nullable(),
    raw_answer: z.string().nullable(),
    timestamp: z.iso.datetime(),
    source_queue: z.literal("camunda.responses.queue"),
  }),
  original_message: z.record(z.string(), z.unknown()),
  task_id: z.string(),
  activity_id: z.string().nullable(),
  error_timestamp: z.number(),
});

export const setAsideSuite: readonly WorldTest[] = [
  shown("responses that nobody can read are set aside with their body, and stop no good ones", async (world) => {
    await world.runWorker();
    const tasks = world.inbox(taskQueue);
    const setAside = world.inbox(errorsQueue);
    await world.deploy(oneTask(topic));
    const started = [await world.start(), await world.start(), await world.start()];
    await tasks.count(3);
    const [misshapen, unknownStatus, good] = tasks.deliveries.map(taskOf);
    assert.ok(misshapen && unknownStatus && good);

    await world.respond("{oops");
    await world.respond(Uint8Array.of(0x22, 0xff, 0xfe, 0x22));
    await world.respond("[1,2]");
    await world.respond({ hello: "world" });
    await world.respond({ original_message: { task_id: misshapen.task_id, worker_id: misshapen.worker_id } });
    await world.respond(response(unknownStatus, "success", {}));
    await world.respond(finished(good));

    await world.completed(good.process_instance_id);
    await setAside.count(6);
    const found = setAside.texts.map((text) => setAsideResponse.parse(JSON.parse(text)));
    const byType = (type: string, taskId: string) =>
      found.filter((one) => one.error_info.type === type && one.task_id === taskId);
    const unreadable = byType("json_parse_error", "unknown").map(({ original_message }) => original_message);
    assert.deepEqual(
      unreadable.toSorted((one, other) => String(one["raw_body"]).localeCompare(String(other["raw_body"]))),
      [
        { raw_body: '"��"', raw_body_base64: "Iv/+Ig==" },
        { raw_body: "[1,2]" },
        { raw_body: "{oops" },
      ].toSorted((one, other) => one.raw_body.localeCompare(other.raw_body)),
    );
    assert.deepEqual(byType("processing_exception", "unknown")[0]?.original_message, { hello: "world" });
    assert.equal(byType("processing_exception", misshapen.task_id).length, 1);
    const [unknown] = byType("unknown_status", unknownStatus.task_id);
    assert.equal(unknown?.activity_id, "A");
    assert.match(unknown?.error_info.message ?? "", /"success"; known are completed/);
    const [headers] = setAside.deliveries.map(({ headers }) => headers).filter(({ error_type }) =>
      error_type === "unknown_status"
    );
    assert.deepEqual(headers, {
      error_type: "unknown_status",
      task_id: unknownStatus.task_id,
      activity_id: "A",
      source: "response_processing",
    });

    for (const { process_instance_id } of [misshapen, unknownStatus]) {
      const [incident] = await world.camunda.incidents(process_instance_id);
      assert.match(incident?.incidentMessage ?? "", /^Exchanger gave up the answer to this task: /);
    }
    assert.equal(started.length, 3);
  }),

  shown("a response over the size limit is set aside with its body, and its task gets an incident", async (world) => {
    const { instanceId, task } = await begin(world);
    const setAside = world.inbox(errorsQueue);
    await world.respond({ ...finished(task), padding: "x".repeat(64 * 1024) });
    const found = setAsideResponse.parse(JSON.parse(textOf(await setAside.at(0))));
    assert.deepEqual([found.error_info.type, found.task_id], ["response_too_large", task.task_id]);
    assert.equal(String(found.original_message["padding"]).length, 64 * 1024);
    assert.equal((await world.camunda.incidents(instanceId)).length, 1);
  }, { maxMessageBytes: 64 * 1024 }),

  shown(
    "a process that cannot go on is tried again slowly, then gets an incident and its answer is kept",
    async (world) => {
      const worker = await world.runWorker({ RETRY_DELAYS_SECONDS: "1,2" });
      const tasks = world.inbox(taskQueue);
      const setAside = world.inbox(errorsQueue);
      const flow = start + external("A", topic) + '<bpmn:exclusiveGateway id="G"/>' + end +
        flows("s>A", "A>G", "G>e: ${never_set == 'ok'}", "G>A: ${never_set != 'ok'}");
      await world.deploy(flow);
      const instanceId = await world.start();
      const task = taskOf(await tasks.at(0));
      const answeredAt = Date.now();
      await world.respond(finished(task, "ДА"));
      const found = setAsideResponse.parse(JSON.parse(textOf(await setAside.at(0))));
      assert.ok(Date.now() - answeredAt >= 3_000, "after both delays");
      assert.equal(worker.linesOf("worker.retried").length, 2);
      assert.deepEqual([found.task_id, found.activity_id], [task.task_id, "A"]);
      assert.deepEqual([found.error_info.type, found.error_info.http_status_code], ["camunda_internal_error", 500]);
      assert.match(found.error_info.camunda_error_message ?? "", /never_set/);
      assert.match(found.error_info.raw_answer ?? "", /never_set/);
      const [incident] = await world.camunda.incidents(instanceId);
      assert.match(incident?.incidentMessage ?? "", /^Exchanger gave up the answer to this task: .*never_set/s);
      assert.equal((await world.tasksOf(instanceId))[0]?.retries, 0);
    },
  ),

  shown("an answer to a task that is gone is dropped, be it cancelled or answered before", async (world) => {
    const worker = await world.runWorker();
    const tasks = world.inbox(taskQueue);
    await world.deploy(oneTask(topic));
    const [cancelled, answered] = [await world.start(), await world.start()];
    await tasks.count(2);
    const taskIn = (instanceId: string) => {
      const task = tasks.deliveries.map(taskOf).find((task) => task.process_instance_id === instanceId);
      assert.ok(task);
      return task;
    };
    await world.camunda.deleteInstance(cancelled);
    await world.respond(finished(taskIn(cancelled)));
    const cancelledLine = await worker.logged("worker.response_without_task");
    await world.respond(finished(taskIn(answered)));
    await world.completed(answered);
    await world.respond(finished(taskIn(answered)));
    const repeatedLine = await worker.logged("worker.response_without_task", 2);
    // Which of the two it was, only a history with a log of external tasks can tell; the simulator keeps none.
    if (world.kind === "real") {
      assert.match(cancelledLine.message, /no longer waits for this task/);
      assert.match(repeatedLine.message, /was completed before/);
    }
    await eventually(async () => await world.messagesIn("camunda.responses.queue") === 0, "an empty queue");
    assert.equal(await world.messagesIn(errorsQueue), 0);
  }),
];
