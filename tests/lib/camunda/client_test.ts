import assert from "node:assert/strict";
import { camundaSettings } from "../../../lib/camunda/camunda_settings.ts";
import { CamundaClient } from "../../../lib/camunda/client.ts";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { createDeployment } from "../../../lib/camunda/deployment.ts";
import { startProcess } from "../../../lib/camunda/process_instances.ts";
import { decodeVariable } from "../../../lib/camunda/variables.ts";
import { camundaAvailable } from "../../services/camunda.ts";
import { CamundaDriver } from "../../services/camunda_driver.ts";
import {
  bpmn,
  clientFor,
  deployed,
  engineUrl,
  fetchedTask,
  oneTask,
  silentLog,
  startFakeCamunda,
} from "./camunda_fixture.ts";

const onEngine = { ignore: !camundaAvailable };
const workerId = "universal-worker";

Deno.test("the engine: a fetched task carries what the message needs", onEngine, async () => {
  const properties = `<extensionElements><camunda:properties>
    <camunda:property name="assigneeId" value="17"/></camunda:properties></extensionElements>`;
  await using process = await deployed((key) => oneTask(key, undefined, properties));
  using camunda = clientFor(engineUrl());
  const instanceId = await process.driver.start(process.key, {
    businessKey: "B-1",
    variables: { answer: { value: "ok" }, list: { value: "[1,2]", type: "Json" } },
  });
  const [task, ...others] = await camunda.fetchAndLock({ topics: [process.key], maxTasks: 5, pollMs: 0 });
  assert.ok(task);
  assert.equal(others.length, 0);
  assert.deepEqual(
    [task.topicName, task.workerId, task.processInstanceId, task.processDefinitionKey, task.activityId],
    [process.key, workerId, instanceId, process.key, "task"],
  );
  assert.deepEqual([task.businessKey, task.tenantId, task.retries, task.priority], ["B-1", null, null, 0]);
  assert.deepEqual(task.extensionProperties, { assigneeId: "17" });
  const values = Object.entries(task.variables).map(([name, typed]) => [name, decodeVariable(typed)]);
  assert.deepEqual(Object.fromEntries(values), { answer: "ok", list: [1, 2] });
  const lockMs = Date.parse(task.lockExpirationTime ?? "") - Date.now();
  assert.ok(lockMs > 290_000 && lockMs <= 300_000, `${lockMs}`);
});

Deno.test(
  "the engine: an Object of a class it does not know stops neither the fetch nor the variables",
  onEngine,
  async () => {
    await using process = await deployed(oneTask);
    using camunda = clientFor(engineUrl());
    const order = {
      type: "Object",
      value: '{"id":7}',
      valueInfo: { objectTypeName: "com.example.Order", serializationDataFormat: "application/json" },
    };
    const instanceId = await process.driver.start(process.key, { variables: { order } });
    const [task] = await camunda.fetchAndLock({ topics: [process.key], maxTasks: 1, pollMs: 0 });
    const found = await camunda.processVariables([instanceId]);
    for (const typed of [task?.variables["order"], found.get(instanceId)?.["order"]]) {
      assert.ok(typed);
      assert.deepEqual(decodeVariable(typed), { id: 7 });
    }
  },
);

Deno.test("the engine: a long poll ends as soon as there is a task", onEngine, async () => {
  await using process = await deployed(oneTask);
  using camunda = clientFor(engineUrl());
  const startedAt = performance.now();
  const poll = camunda.fetchAndLock({ topics: [process.key], maxTasks: 1, pollMs: 20_000 });
  await process.driver.start(process.key);
  assert.equal((await poll).length, 1);
  assert.ok(performance.now() - startedAt < 15_000);
});

Deno.test("the engine: with a tenant only its tasks are taken", onEngine, async () => {
  const driver = new CamundaDriver(engineUrl());
  const key = `p_${crypto.randomUUID().replaceAll("-", "")}`;
  await using cleanUp = new AsyncDisposableStack();
  for (const tenantId of ["ours", "theirs"]) {
    const deploymentId = await driver.deploy(oneTask(key), { tenantId });
    cleanUp.defer(() => driver.undeploy(deploymentId));
    await driver.start(key, { tenantId });
  }
  using camunda = clientFor(engineUrl(), { CAMUNDA_TENANT_ID: "ours" });
  assert.equal((await camunda.nextTask(key))?.tenantId, "ours");
  const tasks = await camunda.fetchAndLock({ topics: [key], maxTasks: 5, pollMs: 0 });
  assert.deepEqual(tasks.map((task) => task.tenantId), ["ours"]);
  assert.equal(await camunda.nextTask(key), undefined);
});

Deno.test("the engine: higher priority is fetched first, then the older task", onEngine, async () => {
  await using process = await deployed((key) =>
    oneTask(key).replace("<serviceTask", `<serviceTask camunda:taskPriority="\${p}"`)
  );
  using camunda = clientFor(engineUrl());
  const started: string[] = [];
  for (const p of [1, 1, 9]) started.push(await process.driver.start(process.key, { variables: { p: { value: p } } }));
  const [older, younger, urgent] = started;
  const order: (string | undefined)[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const next = await camunda.nextTask(process.key);
    const [task] = await camunda.fetchAndLock({ topics: [process.key], maxTasks: 1, pollMs: 0 });
    assert.equal(task?.id, next?.id);
    order.push(task?.processInstanceId);
  }
  assert.deepEqual(order, [urgent, older, younger]);
});

Deno.test("the engine: an instance's variables come without those of its inner scopes", onEngine, async () => {
  const input = `<extensionElements><camunda:inputOutput>
    <camunda:inputParameter name="inner">1</camunda:inputParameter></camunda:inputOutput></extensionElements>`;
  await using process = await deployed((key) => oneTask(key, undefined, input));
  using camunda = clientFor(engineUrl());
  const many = Object.fromEntries(
    Array.from({ length: 700 }, (_, index) => [`v${index}`, { value: index, type: "Integer" }]),
  );
  // More than one page of rows, and an instance without any.
  const ids = [
    await process.driver.start(process.key, { variables: many }),
    await process.driver.start(process.key, { variables: many }),
    await process.driver.start(process.key),
  ];
  const found = await camunda.processVariables([...ids, ...ids]);
  assert.deepEqual(ids.map((id) => Object.keys(found.get(id) ?? {}).length), [700, 700, 0]);
  assert.deepEqual(found.get(ids[0] ?? "")?.["v7"], { value: 7, type: "Integer", valueInfo: {} });
});

Deno.test("the engine: tasks that exist are found by id, others are absent", onEngine, async () => {
  await using process = await deployed(oneTask);
  using camunda = clientFor(engineUrl());
  const instanceId = await process.driver.start(process.key);
  const [task] = await camunda.fetchAndLock({ topics: [process.key], maxTasks: 1, pollMs: 0 });
  assert.ok(task);
  const ids = [...Array.from({ length: 600 }, (_, index) => `absent-${index}`), task.id];
  const found = await camunda.externalTasks({ externalTaskIdIn: ids });
  assert.deepEqual([...found.keys()], [task.id]);
  assert.equal((await camunda.externalTask(task.id))?.processInstanceId, instanceId);
  assert.equal(await camunda.externalTask("absent"), undefined);
  assert.ok((await camunda.topicNames()).includes(process.key));
  assert.deepEqual(await camunda.externalTasks({ externalTaskIdIn: [] }), new Map());
});

Deno.test("the engine: a failure without retries is an incident until the retries are raised", onEngine, async () => {
  await using process = await deployed(oneTask);
  using camunda = clientFor(engineUrl());
  const instanceId = await process.driver.start(process.key);
  const fetch = () => camunda.fetchAndLock({ topics: [process.key], maxTasks: 1, pollMs: 0 });
  const [task] = await fetch();
  assert.ok(task);
  await camunda.failure(task.id, { workerId, errorMessage: "broken", retries: 0, retryTimeoutMs: 0 });
  const [incident] = await process.driver.incidents(instanceId);
  assert.equal(incident?.incidentMessage, "broken");
  assert.equal((await fetch()).length, 0);
  assert.equal((await camunda.externalTask(task.id))?.retries, 0);
  await camunda.setRetries(task.id, 3);
  assert.equal((await fetch())[0]?.id, task.id);
  assert.equal((await process.driver.incidents(instanceId)).length, 0);
});

Deno.test("the engine: a caught BPMN error takes its path", onEngine, async () => {
  await using process = await deployed((key) =>
    bpmn(
      key,
      `<startEvent id="start"/><sequenceFlow id="a" sourceRef="start" targetRef="task"/>
       <serviceTask id="task" camunda:type="external" camunda:topic="${key}"/>
       <sequenceFlow id="b" sourceRef="task" targetRef="wait"/><userTask id="wait"/>
       <boundaryEvent id="caught" attachedToRef="task"><errorEventDefinition camunda:errorMessageVariable="why"/></boundaryEvent>
       <sequenceFlow id="c" sourceRef="caught" targetRef="end"/><endEvent id="end"/>`,
    )
  );
  using camunda = clientFor(engineUrl());
  const instanceId = await process.driver.start(process.key);
  const [task] = await camunda.fetchAndLock({ topics: [process.key], maxTasks: 1, pollMs: 0 });
  assert.ok(task);
  await camunda.bpmnError(task.id, { workerId, errorCode: "DECLINED", errorMessage: "no money" });
  assert.equal(await process.driver.isCompleted(instanceId), true);
  assert.equal((await process.driver.historyVariables(instanceId)).get("why")?.value, "no money");
});

Deno.test("the engine: an unchanged process is not deployed again", onEngine, async () => {
  using camunda = clientFor(engineUrl());
  const driver = new CamundaDriver(engineUrl());
  const key = `p_${crypto.randomUUID().replaceAll("-", "")}`;
  const deployment = { name: key, resources: new Map([["process.bpmn", oneTask(key)]]) };
  const first = await createDeployment(camunda, deployment);
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => driver.undeploy(first.id));
  assert.deepEqual(first.definitions.map(({ key, version }) => [key, version]), [[key, 1]]);
  assert.deepEqual((await createDeployment(camunda, deployment)).definitions, []);
  assert.match(
    await camunda.processDefinitionXml(first.definitions[0]?.id ?? ""),
    new RegExp(`camunda:topic="${key}"`),
  );
  const instanceId = await startProcess(camunda, key, { businessKey: "B" });
  assert.equal((await driver.externalTasks({ processInstanceId: instanceId })).length, 1);
});

Deno.test("credentials go with every call", async () => {
  const seen: (string | null)[] = [];
  await using fake = startFakeCamunda(({ headers }) => {
    seen.push(headers.get("authorization"));
    return Response.json({ version: "7.24.0" });
  });
  const call = async (more: Record<string, string>) => {
    using camunda = clientFor(fake.baseUrl, more);
    assert.equal(await camunda.version(), "7.24.0");
  };
  await call({});
  await call({ CAMUNDA_AUTH_ENABLED: "true", CAMUNDA_AUTH_USERNAME: "demo", CAMUNDA_AUTH_PASSWORD: "пароль" });
  await call({ CAMUNDA_AUTH_ENABLED: "true", CAMUNDA_BEARER_TOKEN: "t-1" });
  assert.deepEqual(seen, [null, "Basic ZGVtbzrQv9Cw0YDQvtC70Yw=", "Bearer t-1"]);
});

Deno.test("a secret that was read again counts from the next call", async () => {
  const seen: (string | null)[] = [];
  await using fake = startFakeCamunda(({ headers }) => {
    seen.push(headers.get("authorization"));
    return Response.json({ version: "7.24.0" });
  });
  let token = "t-1";
  const environment = { CAMUNDA_BASE_URL: fake.baseUrl, CAMUNDA_BEARER_TOKEN_FILE: "/run/secrets/token" };
  const { settings, rereadSecretFiles } = readSettings(camundaSettings, environment, { readTextFile: () => token });
  assert.ok(settings);
  const camunda = new CamundaClient(settings, { log: silentLog });
  await camunda.version();
  token = "t-2";
  rereadSecretFiles();
  await camunda.version();
  camunda.close();
  assert.deepEqual(seen, ["Bearer t-1", "Bearer t-2"]);
});

Deno.test("an answer of another shape is named, without its contents", async () => {
  await using fake = startFakeCamunda(() => Response.json([{ ...fetchedTask("t", "a"), activityId: 7 }]));
  using camunda = clientFor(fake.baseUrl);
  await assert.rejects(camunda.fetchAndLock({ topics: ["a"], maxTasks: 1, pollMs: 0 }), {
    name: "CamundaError",
    message: /fetchAndLock was answered with 200 and JSON of an unexpected shape \(0\.activityId: /,
  });
});

Deno.test("variables are read page by page, and a page that is larger than asked is the whole", async () => {
  const row = (index: number) => ({
    name: `v${index}`,
    value: index,
    type: "Long",
    processInstanceId: "i",
    executionId: "i",
  });
  const rows = Array.from({ length: 2_300 }, (_, index) => row(index));
  for (const paging of [true, false]) {
    await using fake = startFakeCamunda(({ query }) => {
      const first = Number(query["firstResult"]);
      return Response.json(paging ? rows.slice(first, first + Number(query["maxResults"])) : rows);
    });
    using camunda = clientFor(fake.baseUrl);
    const found = await camunda.processVariables(["i"]);
    assert.equal(Object.keys(found.get("i") ?? {}).length, 2_300);
    assert.equal(fake.calls.length, paging ? 3 : 1);
  }
});
