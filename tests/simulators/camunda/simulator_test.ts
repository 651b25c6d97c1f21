/** What the simulator can do beyond the contract: faults, limits, credentials, a ledger, events on command. */
import assert from "node:assert/strict";
import { z } from "zod";
import { type CamundaSimulator, startCamundaSimulator } from "../../../simulators/camunda/simulator.ts";
import { CamundaDriver } from "../../services/camunda_driver.ts";
import { bpmn, end, external, flows, oneTask, start } from "./contract_bench.ts";

const fetchedTasks = z.array(z.looseObject({ id: z.string(), processInstanceId: z.string() }));

function pollBody(wait: number, workerId = "w1") {
  const topics = [{ topicName: "work", lockDuration: 60_000 }];
  return { workerId, maxTasks: 1, asyncResponseTimeout: wait, topics };
}

/** A driver on a simulator with the process `p`: one external task of the topic `work`, unless told otherwise. */
async function driverOf(camunda: CamundaSimulator, flow = oneTask("work")): Promise<CamundaDriver> {
  const driver = new CamundaDriver(camunda.baseUrl);
  await driver.deploy(bpmn("p", flow));
  return driver;
}

async function fetchOne(driver: CamundaDriver) {
  const [task] = fetchedTasks.parse(await driver.call("POST", "/external-task/fetchAndLock", pollBody(0)));
  assert.ok(task !== undefined);
  return task;
}

/** On a connection of its own: Deno's fetch sends a request again by itself when a reused connection breaks. */
async function complete({ baseUrl }: CamundaSimulator, id: string): Promise<number> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ workerId: "w1" });
  const response = await fetch(`${baseUrl}/external-task/${id}/complete`, { method: "POST", headers, body, client });
  await response.body?.cancel();
  return response.status;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, "the condition was not met in 5 s");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function activities(driver: CamundaDriver, processInstanceId: string): Promise<string[]> {
  return (await driver.externalTasks({ processInstanceId })).map(({ activityId }) => activityId).sort();
}

Deno.test("a poll whose client has gone still locks the next task", async () => {
  await using camunda = await startCamundaSimulator();
  const driver = await driverOf(camunda);
  const gone = new AbortController();
  const body = JSON.stringify(pollBody(60_000, "ghost"));
  const headers = { "content-type": "application/json" };
  const url = `${camunda.baseUrl}/external-task/fetchAndLock`;
  const poll = fetch(url, { method: "POST", body, headers, signal: gone.signal }).catch(() => undefined);
  await until(() => camunda.pendingPolls() === 1);
  gone.abort();
  await poll;
  const processInstanceId = await driver.start("p");
  await until(async () => (await driver.externalTasks({ processInstanceId }))[0]?.workerId === "ghost");
});

Deno.test("polls above the limit are answered with 500", async () => {
  await using camunda = await startCamundaSimulator({ maxPendingPolls: 1 });
  const driver = await driverOf(camunda);
  const parked = driver.raw("POST", "/external-task/fetchAndLock", pollBody(10_000));
  await until(() => camunda.pendingPolls() === 1);
  const refused = await driver.raw("POST", "/external-task/fetchAndLock", pollBody(10_000));
  assert.equal(refused.status, 500);
  assert.match(JSON.stringify(refused.answer), /too many requests at the same time/u);
  await driver.start("p");
  assert.equal(fetchedTasks.parse((await parked).answer).length, 1);
});

Deno.test("a failure on demand hits the requests it names, as often as it says", async () => {
  await using camunda = await startCamundaSimulator();
  const driver = await driverOf(camunda);
  camunda.failNext("POST /external-task/fetchAndLock", { status: 503, body: "busy" }, 2);
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { baseUrl } = camunda;
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${baseUrl}/external-task/fetchAndLock`, { method: "POST", headers, body: "{}" });
    await response.body?.cancel();
    statuses.push(response.status);
  }
  assert.deepEqual(statuses, [503, 503, 200]);
  assert.equal((await driver.raw("GET", "/version")).status, 200);
  assert.equal(camunda.requestCounts()["POST /external-task/fetchAndLock"], 3);
});

Deno.test("a connection dropped after the effect hides an answer, not the completion", async () => {
  await using camunda = await startCamundaSimulator();
  const driver = await driverOf(camunda);
  await driver.start("p");
  const { id, processInstanceId } = await fetchOne(driver);
  camunda.dropConnection(/\/complete$/u, { afterEffect: true });
  await assert.rejects(complete(camunda, id));
  assert.equal(await complete(camunda, id), 404);
  assert.ok(await driver.isCompleted(processInstanceId));
  assert.equal(camunda.ledger().get(id)?.completed, 1);
});

Deno.test("a connection dropped before the effect leaves the task as it was", async () => {
  await using camunda = await startCamundaSimulator();
  const driver = await driverOf(camunda);
  await driver.start("p");
  const { id } = await fetchOne(driver);
  camunda.dropConnection("/complete");
  await assert.rejects(complete(camunda, id));
  assert.equal(camunda.ledger().get(id)?.completed, 0);
  assert.equal(await complete(camunda, id), 204);
});

Deno.test("a suspended simulator lets requests hang until it is resumed", async () => {
  await using camunda = await startCamundaSimulator();
  const driver = new CamundaDriver(camunda.baseUrl);
  camunda.suspend();
  let answered = false;
  const request = driver.call("GET", "/version").then(() => answered = true);
  await until(() => camunda.requestCounts()["GET /version"] === 1);
  assert.equal(answered, false);
  camunda.resume();
  assert.equal(await request, true);
});

Deno.test("a delay holds the answer back", async () => {
  await using camunda = await startCamundaSimulator();
  camunda.delay("GET /version", 60_000);
  const signal = AbortSignal.timeout(50);
  await assert.rejects(fetch(`${camunda.baseUrl}/version`, { signal }), { name: "TimeoutError" });
});

Deno.test("requests need the credentials when there are some", async () => {
  await using camunda = await startCamundaSimulator({ credentials: { username: "demo", password: "secret" } });
  const version = async (headers: Record<string, string>) => {
    const response = await fetch(`${camunda.baseUrl}/version`, { headers });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await version({}), 401);
  assert.equal(await version({ authorization: `Basic ${btoa("demo:secret")}` }), 200);
});

Deno.test("timers, messages and people happen by command", async () => {
  await using camunda = await startCamundaSimulator();
  const timer = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>";
  const boundary = (id: string, attributes: string) =>
    `<bpmn:boundaryEvent id="${id}" attachedToRef="A" ${attributes}>${timer}</bpmn:boundaryEvent>`;
  const driver = await driverOf(
    camunda,
    start + '<bpmn:userTask id="Ask"/>' + external("A", "work") + boundary("Remind", 'cancelActivity="false"') +
      boundary("Late", "") + external("B", "work") + external("C", "work") + '<bpmn:eventBasedGateway id="G"/>' +
      `<bpmn:intermediateCatchEvent id="Soon">${timer}</bpmn:intermediateCatchEvent>` +
      `<bpmn:intermediateCatchEvent id="Later">${timer}</bpmn:intermediateCatchEvent>` + end +
      flows("s>Ask", "Ask>A", "A>e", "Remind>B", "B>e", "Late>G", "G>Soon", "G>Later", "Soon>C", "Later>e", "C>e"),
  );
  const id = await driver.start("p");
  assert.deepEqual(await activities(driver, id), []);
  assert.equal(camunda.trigger(id, "Late"), false, "nothing waits there yet");
  assert.equal(camunda.trigger(id, "Ask"), true);
  assert.deepEqual(await activities(driver, id), ["A"]);
  assert.equal(camunda.trigger(id, "Remind"), true);
  assert.deepEqual(await activities(driver, id), ["A", "B"]);
  assert.equal(camunda.trigger(id, "Late"), true);
  assert.deepEqual(await activities(driver, id), ["B"]);
  assert.equal(camunda.trigger(id, "Soon"), true);
  assert.deepEqual(await activities(driver, id), ["B", "C"]);
});

Deno.test("locks end by the clock that was handed in", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const clock = { now: () => now, sleep: () => Promise.withResolvers<void>().promise };
  await using camunda = await startCamundaSimulator({ clock });
  const driver = await driverOf(camunda);
  await driver.start("p");
  const { id } = await fetchOne(driver);
  const again = async () => fetchedTasks.parse(await driver.call("POST", "/external-task/fetchAndLock", pollBody(0)));
  assert.deepEqual(await again(), []);
  now += 60_000;
  assert.deepEqual((await again()).map((task) => task.id), [id]);
});
