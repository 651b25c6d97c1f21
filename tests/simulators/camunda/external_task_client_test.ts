/** Camunda's own JavaScript client works against the simulator: what it needs, other clients find too. */
import assert from "node:assert/strict";
import { Client, Variables } from "camunda-external-task-client-js";
import { startCamundaSimulator } from "../../../simulators/camunda/simulator.ts";
import { CamundaDriver } from "../../services/camunda_driver.ts";
import { bpmn, oneTask } from "./contract_bench.ts";

/** The part of the client, which has no types of its own, that the test uses. */
interface ExternalTaskClient {
  subscribe(topic: string, options: object, handler: (work: Work) => Promise<void>): void;
  on(event: string, listener: (...args: unknown[]) => void): void;
  start(): void;
  stop(): void;
}
interface Work {
  readonly task: {
    readonly retries: number | null;
    readonly variables: { get(name: string): unknown; getTyped(name: string): { readonly type: string } };
  };
  readonly taskService: {
    complete(task: unknown, variables?: unknown): Promise<void>;
    extendLock(task: unknown, durationMs: number): Promise<void>;
    handleFailure(task: unknown, failure: object): Promise<void>;
  };
}
const intervalMs = 5;

/** Polls until disposed; disposal waits for the client's last poll and its timer, which it leaves behind. */
function startClient(baseUrl: string): ExternalTaskClient & AsyncDisposable {
  const options = { baseUrl, workerId: "js", autoPoll: false, interval: intervalMs, asyncResponseTimeout: 50 };
  const client: ExternalTaskClient = new Client(options);
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      client.stop();
      await new Promise<void>((resolve) => {
        client.on("poll:success", () => resolve());
        client.on("poll:error", () => resolve());
      });
      await new Promise((resolve) => setTimeout(resolve, 10 * intervalMs)); // longer than the timer it has set
    },
  });
}

Deno.test("Camunda's JavaScript client fails a task, gets it again, extends its lock and completes it", async () => {
  await using camunda = await startCamundaSimulator();
  const driver = new CamundaDriver(camunda.baseUrl);
  await driver.deploy(bpmn("vendor", oneTask("vendor")));
  const instanceId = await driver.start("vendor", { variables: { amount: { value: 7 } } });

  const errors: unknown[] = [];
  const handled = Promise.withResolvers<void>();
  await using client = startClient(camunda.baseUrl);
  for (const event of ["complete:error", "extendLock:error", "handleFailure:error", "poll:error"]) {
    client.on(event, (...args) => errors.push(event, ...args));
  }
  client.subscribe("vendor", { lockDuration: 30_000 }, async ({ task, taskService }) => {
    if (task.retries === null) {
      await taskService.handleFailure(task, {
        errorMessage: "not yet",
        errorDetails: "trace",
        retries: 1,
        retryTimeout: 0,
      });
      return;
    }
    await taskService.extendLock(task, 60_000);
    const answer = new Variables();
    answer.set("doubled", Number(task.variables.get("amount")) * 2);
    answer.setTyped("type", { type: "String", value: task.variables.getTyped("amount").type, valueInfo: {} });
    await taskService.complete(task, answer);
    handled.resolve();
  });
  client.start();
  await handled.promise;

  assert.deepEqual(errors, []);
  assert.ok(await driver.isCompleted(instanceId));
  const variables = await driver.historyVariables(instanceId);
  assert.equal(variables.get("doubled")?.value, 14);
  assert.equal(String(variables.get("type")?.value).toLowerCase(), "integer");
  const [record] = camunda.ledger().values();
  assert.deepEqual([record?.fetched, record?.failed, record?.completed], [2, 1, 1]);
  const counts = camunda.requestCounts();
  assert.equal(counts["POST /external-task/:id/extendLock"], 1);
});
