/** The contract of external tasks: fetching, locks, completion, failure, long polling. */
import assert from "node:assert/strict";
import { z } from "zod";
import {
  type Bench,
  type ContractCase,
  end,
  external,
  flows,
  oneTask,
  start,
  type Task,
  Typed,
} from "./contract_bench.ts";

const topicNameProperty = `<bpmn:extensionElements><camunda:properties><camunda:property name="assigneeId" value="7"/>
  </camunda:properties></bpmn:extensionElements>`;

/** An instance with one task, fetched by w1. */
async function fetched(bench: Bench, lockDuration = 60_000): Promise<Task> {
  await bench.deploy(oneTask(bench.topic));
  await bench.start();
  return await bench.fetchOne({ lockDuration });
}

const handled = (bench: Bench, { id }: Task, how: string, body: object) =>
  bench.call("POST", `/external-task/${id}/${how}`, { workerId: "w1", ...body });

async function refusal(bench: Bench, { id }: Task, how: string, body: object): Promise<string> {
  return (await bench.refused(400, "POST", `/external-task/${id}/${how}`, { workerId: "w1", ...body })).message;
}

export const externalTaskContract: readonly ContractCase[] = [
  ["hands out tasks with typed variables and extension properties, and locks them", async (bench) => {
    await bench.deploy(oneTask(bench.topic, topicNameProperty, 'camunda:taskPriority="5"'));
    const at = new Typed("2026-01-23T14:42:45.000+0200", "Date");
    const json = new Typed('{"a":[1]}', "Json");
    const id = await bench.start({ text: "да", whole: 3, long: 5e9, real: 1.5, yes: true, none: null, at, json }, {
      businessKey: "order 7",
    });
    const task = await bench.fetchOne({ includeExtensionProperties: true });
    const variables = Object.entries(task.variables).map(([name, { type, value }]) => `${name} ${type} ${value}`)
      .sort();
    assert.deepEqual(variables, [
      "at Date 2026-01-23T12:42:45.000+0000",
      'json Json {"a":[1]}',
      "long Long 5000000000",
      "none Null null",
      "real Double 1.5",
      "text String да",
      "whole Integer 3",
      "yes Boolean true",
    ]);
    assert.deepEqual(task["extensionProperties"], { assigneeId: "7" });
    assert.equal(task.processInstanceId, id);
    assert.notEqual(task.executionId, id, "an external task has an execution of its own");
    assert.equal(task.retries, null);
    assert.equal(task["priority"], 5);
    assert.equal(task["businessKey"], "order 7");
    assert.match(String(task.lockExpirationTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/u);
    assert.deepEqual(await bench.fetch({ workerId: "w2" }), [], "locked");
  }],
  ["hands out only the variables asked for, and local ones apart", async (bench) => {
    const input =
      `<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="local">in</camunda:inputParameter>
      </camunda:inputOutput></bpmn:extensionElements>`;
    await bench.deploy(oneTask(bench.topic, input));
    for (let i = 0; i < 3; i++) await bench.start({ outer: "out", other: 1 });
    const names = async (options: object) =>
      Object.keys((await bench.fetchOne({ maxTasks: 1, ...options })).variables).sort();
    assert.deepEqual(await names({ variables: ["outer"] }), ["outer"]);
    assert.deepEqual(await names({ variables: [] }), []);
    assert.deepEqual(await names({ localVariables: true }), ["local"]);
  }],
  ["hands out by priority, then by age, no more than asked for", async (bench) => {
    await bench.deploy(oneTask(bench.topic, "", 'camunda:taskPriority="${p}"'));
    for (const [index, p] of [1, 9, 1, 9].entries()) {
      await bench.start({ p, index });
      await new Promise((resolve) => setTimeout(resolve, 2)); // createTime has milliseconds
    }
    const fetch = async (maxTasks: number, usePriority: boolean) =>
      (await bench.fetch({ maxTasks, usePriority })).map((task) => task.variables["index"]?.value);
    assert.deepEqual(await fetch(3, true), [1, 3, 0]);
    assert.deepEqual(await fetch(3, true), [2]);
  }],
  ["filters tasks by process variables, business key and definition", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    await bench.start({ city: "Kazan" }, { businessKey: "b1" });
    assert.deepEqual(await bench.fetch({ processVariables: { city: "Omsk" } }), []);
    assert.deepEqual(await bench.fetch({ businessKey: "b2" }), []);
    assert.deepEqual(await bench.fetch({ processDefinitionKeyIn: ["other"] }), []);
    await bench.fetchOne({ processVariables: { city: "Kazan" }, businessKey: "b1", processDefinitionKey: bench.key });
  }],
  ["refuses polls it cannot serve", async (bench) => {
    const topics = [{ topicName: bench.topic, lockDuration: 1000 }];
    const fetch = "/external-task/fetchAndLock";
    const long = await bench.refused(400, "POST", fetch, {
      workerId: "w",
      maxTasks: 1,
      topics,
      asyncResponseTimeout: 1_800_001,
    });
    assert.match(long.message, /cannot be set to a value greater than 1800000 milliseconds/u);
    assert.equal((await bench.refused(500, "POST", fetch, { maxTasks: 1, topics })).message, "workerId is null");
    const noLock = { workerId: "w", maxTasks: 1, topics: [{ topicName: bench.topic }] };
    assert.equal((await bench.refused(500, "POST", fetch, noLock)).message, "lockTime is not greater than 0");
    assert.deepEqual(await bench.ok("POST", fetch, { workerId: "w", maxTasks: 1, topics: [] }), []);
  }],
  ["parks a poll until a task appears", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    const began = performance.now();
    const poll = bench.fetchOne({ wait: 20_000 });
    await bench.start();
    await poll;
    assert.ok(performance.now() - began < 10_000, "woken by the task, not by the clock");
  }],
  ["wakes a parked poll when a lock is given up, and answers nothing when its time is over", async (bench) => {
    const task = await fetched(bench);
    assert.deepEqual(await bench.fetch({ workerId: "w2", wait: 50 }), []);
    const poll = bench.fetchOne({ workerId: "w2", wait: 20_000 });
    await bench.ok("POST", `/external-task/${task.id}/unlock`);
    assert.equal((await poll).workerId, "w2");
  }],
  ["completes for the worker that holds the task, lock expired or not, once", async (bench) => {
    const task = await fetched(bench, 1);
    const path = `External Task ${task.id} cannot be completed by worker`;
    assert.equal(
      await refusal(bench, task, "complete", { workerId: "w2" }),
      `${path} 'w2'. It is locked by worker 'w1'.`,
    );
    await bench.complete(task, { variables: { answer: { value: "да", type: "String" } } });
    const gone = await bench.refused(404, "POST", `/external-task/${task.id}/complete`, { workerId: "w1" });
    assert.equal(gone.message, `External task with id ${task.id} does not exist`);
    assert.equal(gone.type, "RestException");
    assert.equal(await bench.state(task.processInstanceId), "COMPLETED");
    assert.deepEqual(await bench.history(task.processInstanceId), { answer: "да" });
  }],
  ["completes for nobody once a task is unlocked or held by another", async (bench) => {
    const task = await fetched(bench, 1);
    await bench.ok("POST", `/external-task/${task.id}/unlock`);
    assert.match(await refusal(bench, task, "complete", {}), /by worker 'w1'\. It is locked by worker 'null'\.$/u);
    await bench.fetchOne({ workerId: "w2" });
    assert.match(await refusal(bench, task, "complete", {}), /by worker 'w1'\. It is locked by worker 'w2'\.$/u);
    assert.match(
      await refusal(bench, task, "failure", {}),
      /cannot be reported by worker 'w1'\. It is locked by worker 'w2'/u,
    );
    assert.match(await refusal(bench, task, "lock", { lockDuration: 1000 }), /cannot be locked by worker 'w1'/u);
    assert.match(
      await refusal(bench, task, "extendLock", { newDuration: 1000 }),
      /cannot be extended by worker 'w1''/u,
    );
  }],
  ["extends a live lock but not an expired one, which can be locked again", async (bench) => {
    const task = await fetched(bench);
    const until = async () => Date.parse(String((await bench.task(task)).lockExpirationTime).replace("+0000", "Z"));
    const before = await until();
    await bench.ok("POST", `/external-task/${task.id}/extendLock`, { workerId: "w1", newDuration: 600_000 });
    assert.ok(await until() - before > 500_000);
    await bench.ok("POST", `/external-task/${task.id}/lock`, { workerId: "w1", lockDuration: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20)); // the lock lapses
    assert.match(
      await refusal(bench, task, "extendLock", { newDuration: 1000 }),
      /^Cannot extend a lock that expired/u,
    );
    await bench.ok("POST", `/external-task/${task.id}/lock`, { workerId: "w1", lockDuration: 60_000 });
    assert.deepEqual(await bench.fetch({ workerId: "w2" }), []);
    assert.match(await refusal(bench, task, "extendLock", { newDuration: 0 }), /^lockTime is not greater than 0$/u);
  }],
  ["hands a task out again when its lock has expired", async (bench) => {
    const task = await fetched(bench, 1);
    await new Promise((resolve) => setTimeout(resolve, 20)); // the lock lapses
    assert.equal((await bench.fetchOne({ workerId: "w2" })).id, task.id);
  }],
  ["keeps a failed task from everyone for the retry timeout", async (bench) => {
    const task = await fetched(bench);
    await handled(bench, task, "failure", {
      errorMessage: "m".repeat(700),
      errorDetails: "trace",
      retries: 2,
      retryTimeout: 60_000,
    });
    const failed = await bench.task(task);
    assert.equal(failed.retries, 2);
    assert.equal(failed["errorMessage"], "m".repeat(666));
    assert.equal(failed.workerId, "w1");
    assert.deepEqual(await bench.fetch({ workerId: "w2" }), []);
    assert.deepEqual(await bench.incidents(task.processInstanceId), []);
  }],
  [
    "raises an incident at retries 0, which is what missing retries mean, and clears it when retries are raised",
    async (bench) => {
      const task = await fetched(bench);
      assert.equal((await handled(bench, task, "failure", { errorMessage: "no portal" })).status, 204);
      const [incident] = await bench.incidents(task.processInstanceId);
      assert.equal(incident?.["incidentType"], "failedExternalTask");
      assert.equal(incident?.["incidentMessage"], "no portal");
      assert.equal(incident?.["configuration"], task.id);
      assert.deepEqual(await bench.fetch(), []);
      await bench.ok("PUT", `/external-task/${task.id}/retries`, { retries: 1 });
      assert.deepEqual(await bench.incidents(task.processInstanceId), []);
      assert.equal((await bench.fetchOne({ workerId: "w2" }))["errorMessage"], "no portal");
      await bench.refused(400, "PUT", `/external-task/${task.id}/retries`, { retries: -1 });
    },
  ],
  ["refuses to handle tasks of a suspended instance, but lets them be locked", async (bench) => {
    const task = await fetched(bench, 1);
    const instance = `/process-instance/${task.processInstanceId}/suspended`;
    await bench.ok("PUT", instance, { suspended: true });
    const message = `ENGINE-03043 ExternalTask with id '${task.id}' is suspended.`;
    assert.equal(await refusal(bench, task, "complete", {}), message);
    assert.equal(await refusal(bench, task, "failure", {}), message);
    await bench.ok("POST", `/external-task/${task.id}/lock`, { workerId: "w1", lockDuration: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20)); // the lock lapses
    assert.deepEqual(await bench.fetch({ workerId: "w2" }), []);
    await bench.ok("PUT", instance, { suspended: false });
    await bench.complete(task);
  }],
  ["rolls a completion back when the process cannot continue, and leaves the task locked", async (bench) => {
    const gateway = '<bpmn:exclusiveGateway id="G"/>';
    await bench.deploy(
      start + external("A", bench.topic) + gateway + end +
        flows("s>A", "A>G", "G>e: ${x == 'ok'}", "G>e: ${x == 'no'}"),
    );
    const id = await bench.start({ seen: "before" });
    const task = await bench.fetchOne();
    const complete = async (variables: object) =>
      (await bench.refused(500, "POST", `/external-task/${task.id}/complete`, { workerId: "w1", variables })).message;
    const value = (x: unknown) => ({ x: { value: x }, seen: { value: "after" } });
    assert.match(await complete({}), /Unknown property used in expression: .* Cannot resolve identifier 'x'$/u);
    assert.match(await complete(value("?")), /^ENGINE-02004 No outgoing sequence flow for the element with id 'G'/u);
    assert.match(await complete(value(5)), /Cannot coerce 'ok' to class java\.lang\.Long$/u);
    assert.deepEqual(await bench.history(id), { seen: "before" });
    assert.equal((await bench.task(task)).lockExpirationTime, task.lockExpirationTime);
    await bench.complete(task, { variables: value("ok") });
    assert.equal(await bench.state(id), "COMPLETED");
  }],
  ["refuses a String longer than its column with code 10002", async (bench) => {
    const task = await fetched(bench);
    const variables = { x: { value: "я".repeat(4001), type: "String" } };
    const { code } = await bench.refused(500, "POST", `/external-task/${task.id}/complete`, {
      workerId: "w1",
      variables,
    });
    assert.equal(code, 10002);
  }],
  ["stores what is not JSON as Json all the same, and an untyped object as serialised Java", async (bench) => {
    const task = await fetched(bench);
    await bench.complete(task, { variables: { j: { value: "{bad", type: "Json" }, o: { value: { a: 1 } } } });
    const { j, o } = await bench.history(task.processInstanceId);
    assert.equal(j, "{bad");
    assert.match(String(o), /^rO0AB/u);
  }],
  ["answers questions about tasks by id, worker, lock and instance", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    const ids = [await bench.start(), await bench.start()];
    const [first] = await bench.fetch({ maxTasks: 1 });
    const count = async (query: object) =>
      z.array(z.unknown()).parse(await bench.ok("POST", "/external-task", { topicName: bench.topic, ...query })).length;
    assert.equal(await count({}), 2);
    assert.equal(await count({ externalTaskIdIn: [first?.id, "gone"] }), 1);
    assert.equal(await count({ locked: true, workerId: "w1" }), 1);
    assert.equal(await count({ notLocked: true }), 1);
    assert.equal(await count({ processInstanceIdIn: ids }), 2);
    assert.equal(await count({ tenantIdIn: ["none"] }), 0);
    assert.deepEqual(await bench.ok("POST", "/external-task/count", { processInstanceId: ids[0] }), { count: 1 });
    const topics = z.array(z.string()).parse(await bench.ok("GET", "/external-task/topic-names"));
    assert.ok(topics.includes(bench.topic));
    await bench.refused(400, "GET", "/external-task?locked=perhaps");
    await bench.refused(404, "GET", "/external-task/nope");
  }],
  ["fails a whole fetch for one Object it cannot deserialise, and only when asked to", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    const foreign = new Typed('{"a":1}', "Object", {
      objectTypeName: "com.x.Foo",
      serializationDataFormat: "application/json",
    });
    const id = await bench.start({ foreign, fine: 1 });
    const topics = [{ topicName: bench.topic, lockDuration: 60_000, deserializeValues: true }];
    const body = { workerId: "w1", maxTasks: 1, topics };
    const { message } = await bench.refused(500, "POST", "/external-task/fetchAndLock", body);
    assert.match(message, /^Cannot deserialize object in variable 'foreign'/u);
    await bench.refused(500, "GET", `/process-instance/${id}/variables`);
    const listed = await bench.variableInstances(id, "");
    assert.match(listed.find(({ name }) => name === "foreign")?.errorMessage ?? "", /^Cannot deserialize/u);
    const task = await bench.fetchOne({ deserializeValues: false });
    assert.equal(task.variables["foreign"]?.value, '{"a":1}');
  }],
  ["tells at once when a task's process was cancelled", async (bench) => {
    const task = await fetched(bench);
    await bench.ok("DELETE", `/process-instance/${task.processInstanceId}`);
    await bench.refused(404, "POST", `/external-task/${task.id}/complete`, { workerId: "w1" });
    assert.equal(await bench.state(task.processInstanceId), "EXTERNALLY_TERMINATED");
    await bench.refused(404, "GET", `/process-instance/${task.processInstanceId}`);
    await bench.refused(404, "DELETE", `/process-instance/${task.processInstanceId}`);
  }],
];
