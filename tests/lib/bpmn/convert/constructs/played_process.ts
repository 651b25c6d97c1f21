/** A deployment on the real engine, in a tenant of its own, and its instances as the world outside drives them. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { CamundaDriver } from "../../../../services/camunda_driver.ts";
import type { Run, Start, Step, Variables } from "./construct.ts";
import { type FetchedTask, fetchTasks } from "./fetched_task.ts";
import { workerVariables } from "./worker_variables.ts";

const ids = z.array(z.object({ id: z.string() }));
const count = z.object({ count: z.number() });
const activities = z.array(z.object({ activityId: z.string(), canceled: z.boolean() }));

export class PlayedProcess implements AsyncDisposable {
  readonly tenantId = crypto.randomUUID();
  /** Of its external tasks. */
  readonly topics: readonly string[];
  #deploymentId = "";
  /** Tasks that are locked for us, as the worker holds them. */
  #held: FetchedTask[] = [];
  #instance = "";

  private constructor(readonly driver: CamundaDriver, readonly files: Readonly<Record<string, string>>) {
    const topics = Object.values(files).flatMap((xml) => [...xml.matchAll(/camunda:topic="([^"]+)"/g)]);
    this.topics = [...new Set(topics.map(([, topic]) => topic ?? ""))];
  }

  /** `files` by name; the suffix says what they are. Rejects with what the engine says of a file that it refuses. */
  static async deploy(driver: CamundaDriver, files: Readonly<Record<string, string>>): Promise<PlayedProcess> {
    const played = new PlayedProcess(driver, files);
    const form = new FormData();
    form.set("deployment-name", "constructs");
    form.set("tenant-id", played.tenantId);
    for (const [name, xml] of Object.entries(files)) form.set(name, new File([xml], name, { type: "text/xml" }));
    played.#deploymentId = z.object({ id: z.string() }).parse(await driver.call("POST", "/deployment/create", form)).id;
    return played;
  }

  /** Keys of the processes that are there now, sorted. */
  async processKeys(): Promise<string[]> {
    const found = await this.#get("/process-definition", {});
    return z.array(z.object({ key: z.string() })).parse(found).map(({ key }) => key).sort();
  }

  /** One way through the process; rejects unless it ends, on the path that was foretold, with nothing left and no incident. */
  async play({ start = { by: "hand", variables: {} }, steps, path }: Run): Promise<void> {
    await this.#start(start);
    for (const step of steps) await this.#take(step);
    const happened = activities.parse(
      await this.driver.call("GET", `/history/activity-instance?processInstanceId=${this.#instance}`),
    ).map(({ activityId, canceled }) => canceled ? `-${activityId}` : activityId);
    assert.deepEqual(happened.sort(), path.split(" ").sort());
    const left = await this.#count("/process-instance/count");
    const incidents = await this.#count("/history/incident/count");
    assert.deepEqual({ left, incidents }, { left: 0, incidents: 0 });
    assert.ok(await this.driver.isCompleted(this.#instance));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.driver.undeploy(this.#deploymentId);
  }

  async #start(start: Start): Promise<void> {
    this.#held = [];
    const before = await this.#instances();
    const { tenantId } = this;
    switch (start.by) {
      case "hand":
        await this.driver.start(start.process ?? "P", { tenantId, variables: start.variables });
        break;
      case "message":
        await this.driver.call("POST", "/message", { messageName: start.name, tenantId });
        break;
      case "signal":
        await this.driver.call("POST", "/signal", { name: start.name, tenantId });
        break;
      case "timer":
        await this.#execute(start.activity);
        break;
      case "condition":
        await this.driver.call("POST", "/condition", { variables: start.variables, tenantId });
        break;
    }
    const [instance, ...others] = (await this.#instances()).filter((id) => !before.includes(id));
    assert.ok(instance !== undefined && others.length === 0, "one instance begins");
    this.#instance = instance;
  }

  async #take(step: Step): Promise<void> {
    switch (step.kind) {
      case "work": {
        const task = await this.#task(step.activity, step.loopCounter);
        if (step.answer !== undefined) {
          assert.equal(task.extensionProperties["UF_RESULT_EXPECTED"], "true", "nobody is asked");
        }
        await this.driver.call("POST", `/external-task/${task.id}/complete`, {
          workerId: task.workerId,
          variables: workerVariables(task, step.answer),
        });
        return;
      }
      case "error": {
        const { id, workerId } = await this.#task(step.activity);
        await this.driver.call("POST", `/external-task/${id}/bpmnError`, { workerId, errorCode: step.code });
        return;
      }
      case "timer":
        return await this.#execute(step.activity);
      case "message":
        await this.driver.call("POST", "/message", { messageName: step.name, tenantId: this.tenantId });
        return;
      case "signal":
        await this.driver.call("POST", "/signal", { name: step.name, tenantId: this.tenantId });
        return;
      case "variables":
        return await this.#set(step.variables);
    }
  }

  async #set(modifications: Variables): Promise<void> {
    await this.driver.call("POST", `/process-instance/${this.#instance}/variables`, { modifications });
  }

  /** The open task of the activity, taken out of the tasks that we hold. */
  async #task(activityId: string, loopCounter?: number): Promise<FetchedTask> {
    this.#held.push(...await fetchTasks(this.driver, this.tenantId, this.topics));
    const task = this.#held.find((held) =>
      held.activityId === activityId &&
      (loopCounter === undefined || held.variables.loopCounter === loopCounter)
    );
    assert.ok(task, `no task of ${activityId} is open, but ${this.#held.map((held) => held.activityId).join(" ")}`);
    this.#held = this.#held.filter((held) => held !== task);
    return task;
  }

  /** Lets a timer go off now. */
  async #execute(activityId: string): Promise<void> {
    const [job, ...others] = ids.parse(await this.#get("/job", { activityId, timers: "true" }));
    assert.ok(job !== undefined && others.length === 0, `the timer ${activityId} runs`);
    await this.driver.call("POST", `/job/${job.id}/execute`);
  }

  async #instances(): Promise<string[]> {
    const found = await this.#get("/history/process-instance", { rootProcessInstances: "true" });
    return ids.parse(found).map(({ id }) => id);
  }

  async #count(path: string): Promise<number> {
    return count.parse(await this.#get(path, {})).count;
  }

  async #get(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const search = new URLSearchParams({ ...query, tenantIdIn: this.tenantId });
    return await this.driver.call("GET", `${path}?${search}`);
  }
}
