/** The way out: an external task in Camunda becomes a message in RabbitMQ, and its short lock a lease. */
import assert from "node:assert/strict";
import { z } from "zod";
import { contractNames, defaultQueue, errorsQueue } from "../../lib/amqp/topology.ts";
import { textOf } from "../lib/amqp/inbox.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { oneTask } from "../simulators/camunda/contract_bench.ts";
import { taskQueue, topic } from "./one_task.ts";
import { recordings } from "./predecessor.ts";
import { shown, type WorldTest } from "./suite.ts";
import { finished, taskOf } from "./task_messages.ts";
import type { World } from "./world.ts";

const HOUR_MS = 3_600_000;

/** The predecessor's kind A, with what we add. */
const setAsideTask = z.object({
  kind: z.literal("task"),
  type: z.literal("task_error"),
  task_id: z.string(),
  topic: z.string(),
  error: z.string(),
  error_type: z.literal("task_too_large"),
  timestamp: z.number(),
  original_message: z.record(z.string(), z.unknown()),
});

/** Waits for the lease and checks that it is one: 24 h, up to a tenth longer or shorter. */
async function leased(world: World, instanceId: string): Promise<void> {
  await eventually(async () => await world.lockedForMs(instanceId) > HOUR_MS, "a lease");
  const hours = await world.lockedForMs(instanceId) / HOUR_MS;
  assert.ok(hours > 21.5 && hours < 26.5, `a lease of 24 h ± 10 %, not ${hours} h`);
}

export const handOverSuite: readonly WorldTest[] = [
  ...recordings.map(({ name, task: { body, properties, routing_key }, flow }) =>
    shown(`a task is published as the predecessor's ${name} one was, and then leased`, async (world) => {
      await world.runWorker();
      const tasks = world.inbox(taskQueue);
      const key = body.process_definition_key;
      await world.deploy(flow, { key });
      const instanceId = await world.start(body.process_variables, { key, businessKey: body.business_key });
      const delivery = await tasks.at(0);
      const { process_definition_id, execution_id, ...fields } = taskOf(delivery);

      assert.equal(delivery.exchange, contractNames.tasksExchange);
      assert.equal(delivery.routingKey, routing_key);
      assert.equal(delivery.contentType, "application/json");
      assert.equal(delivery.messageId, fields.task_id);
      assert.ok(Math.abs((delivery.timestampS ?? 0) - Date.now() / 1000) < 60, "seconds, now");
      assert.deepEqual(delivery.headers, {
        ...properties.headers,
        task_id: fields.task_id,
        process_instance_id: instanceId,
      });

      assert.deepEqual(Object.keys(fields).sort(), Object.keys(body).sort());
      assert.equal(Object.keys(fields).length, 17);
      assert.ok(Math.abs(Number(fields["timestamp"]) - Date.now()) < 60_000, "milliseconds, now");
      assert.match(String(fields["created_time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/);
      assert.match(String(fields["activity_instance_id"]), /^Activity_A:/);
      const { task_id, activity_instance_id, created_time, timestamp } = fields;
      assert.deepEqual(fields, {
        ...body,
        task_id,
        activity_instance_id,
        created_time,
        timestamp,
        process_instance_id: instanceId,
        tenant_id: world.tenantId,
        metadata: {
          ...body.metadata,
          // The predecessor took the first activity's properties for the process's own.
          processProperties: {},
          errorCatches: [],
        },
      });
      assert.ok(String(process_definition_id).startsWith(`${key}:1:`));
      assert.ok(execution_id);
      await leased(world, instanceId);
    })
  ),

  shown("an Object of a class the engine does not know stops neither its own task nor others", async (world) => {
    await world.runWorker();
    const tasks = world.inbox(taskQueue);
    await world.deploy(oneTask(topic));
    const foreign = {
      value: '{"a":1}',
      type: "Object",
      valueInfo: { objectTypeName: "com.example.Unknown", serializationDataFormat: "application/json" },
    };
    const instances = [await world.start({ foreign }), await world.start({ plain: { value: 1, type: "Integer" } })];
    await tasks.count(2);
    const [withObject] = tasks.deliveries.map(taskOf).filter((task) => task.process_instance_id === instances[0]);
    assert.deepEqual(withObject?.variables["foreign"], { a: 1 });
    for (const delivery of tasks.deliveries) await world.respond(finished(taskOf(delivery)));
    for (const instance of instances) await world.completed(instance);
  }),

  shown("a task over the message limit becomes an incident, and is set aside without its variables", async (world) => {
    const worker = await world.runWorker();
    const tasks = world.inbox(taskQueue);
    const setAside = world.inbox(errorsQueue);
    await world.deploy(oneTask(topic));
    const long = { value: "я".repeat(3_000), type: "String" };
    const large = await world.start({ a: long, b: long, c: long, d: long, e: long });
    const small = await world.start({});
    const found = setAsideTask.parse(JSON.parse(textOf(await setAside.at(0))));
    const [task] = await world.tasksOf(large);
    assert.deepEqual([found.task_id, found.topic], [task?.id, topic]);
    assert.match(found.error, /65536/);
    assert.equal(found.original_message["process_instance_id"], large);
    assert.ok(!("variables" in found.original_message));
    const [incident] = await world.camunda.incidents(large);
    assert.match(incident?.incidentMessage ?? "", /^Exchanger cannot hand over this task: /);
    assert.equal(taskOf(await tasks.at(0)).process_instance_id, small);
    assert.equal(worker.linesOf("worker.set_aside").length, 1);
  }, { maxMessageBytes: 64 * 1024 }),

  shown(
    "a BPMN file that cannot be read costs the metadata, with a warning, and is read again next time",
    async (world) => {
      const worker = await world.runWorker();
      const tasks = world.inbox(taskQueue);
      await world.deploy(oneTask(topic));
      world.gateway.faults.failNext(/\/xml$/, { status: 500 });
      await world.start({ amount: { value: 1, type: "Integer" } });
      const { metadata, process_variables } = taskOf(await tasks.at(0));
      assert.deepEqual(metadata, { processVariables: process_variables });
      assert.equal((await worker.logged("worker.metadata_missing")).level, "warn");
      await world.start({ amount: { value: 1, type: "Integer" } });
      assert.ok("activityInfo" in taskOf(await tasks.at(1)).metadata);
    },
  ),

  shown("variables that cannot be read send the task back, and it is published once they can", async (world) => {
    const worker = await world.runWorker();
    const tasks = world.inbox(taskQueue);
    await world.deploy(oneTask(topic));
    world.gateway.faults.failNext("POST /variable-instance", { status: 503, body: "busy" });
    await world.start({ i: { value: 1, type: "Integer" } });
    assert.equal(taskOf(await tasks.at(0)).variables["i"], 1);
    assert.equal(worker.linesOf("worker.variables_unreadable").length, 1);
  }),

  shown("tasks are published by priority, those that waited longer first", async (world) => {
    await world.deploy(oneTask(topic, "", 'camunda:taskPriority="${urgency}"'));
    const started: string[] = [];
    for (const urgency of [1, 50, 1, 100]) {
      started.push(await world.start({ urgency: { value: urgency, type: "Integer" } }));
    }
    await world.runWorker();
    const tasks = world.inbox(taskQueue);
    await tasks.count(4);
    const order = tasks.deliveries.map((delivery) => started.indexOf(taskOf(delivery).process_instance_id));
    assert.deepEqual(order, [3, 1, 0, 2]);
    assert.deepEqual(tasks.deliveries.map((delivery) => taskOf(delivery)["priority"]), [100, 50, 1, 1]);
  }),

  shown("topics nobody fetches are reported, and fetched once a setting names them", async (world) => {
    const mystery = `mystery-${crypto.randomUUID()}`;
    await world.deploy(oneTask(mystery));
    const instanceId = await world.start();
    const ignorant = await world.runWorker();
    await eventually(
      () => ignorant.linesOf("worker.topic_unknown").some(({ fields }) => fields["topic"] === mystery),
      "a report",
    );
    assert.equal((await world.tasksOf(instanceId))[0]?.workerId, null);
    await ignorant.stop();
    await world.runWorker({ WORKER_EXTRA_TOPICS: `${mystery}=1c` });
    const delivery = await world.inbox("1c.queue").at(0);
    assert.equal(delivery.routingKey, `1c.${mystery}`);
    assert.equal(taskOf(delivery).process_instance_id, instanceId);
  }),

  shown("topics of the Python services and topics with dots reach their queues", async (world) => {
    await world.runWorker({ WORKER_EXTRA_TOPICS: "1c.close.month" });
    await world.deploy(oneTask("send_email"), { key: "mail" });
    await world.deploy(oneTask("1c.close.month"), { key: "month" });
    await world.start({}, { key: "mail" });
    await world.start({}, { key: "month" });
    assert.equal((await world.inbox("python-services.queue").at(0)).routingKey, "python-services.send_email");
    assert.equal((await world.inbox("1c.queue").at(0)).routingKey, "1c.1c.close.month");
    assert.equal(await world.messagesIn(defaultQueue), 0);
  }),

  shown("tasks of other tenants are left alone", async (world) => {
    await world.runWorker();
    const tasks = world.inbox(taskQueue);
    const tenantId = `${world.tenantId}-other`;
    await world.deploy(oneTask(topic), { tenantId });
    await world.deploy(oneTask(topic));
    const theirs = await world.start({}, { tenantId });
    const ours = await world.start();
    assert.equal(taskOf(await tasks.at(0)).process_instance_id, ours);
    await world.respond(finished(taskOf(await tasks.at(0))));
    await world.completed(ours);
    assert.equal((await world.tasksOf(theirs))[0]?.workerId, null);
    assert.equal(tasks.deliveries.length, 1);
  }),
];
