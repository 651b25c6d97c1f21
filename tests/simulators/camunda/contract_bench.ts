/** A process and a topic of its own for one contract test, on the simulator or on a real engine, and the calls it makes. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { AnswerCheck } from "./openapi_check.ts";
import { CamundaDriver } from "../../services/camunda_driver.ts";

export interface EngineUnderTest extends AsyncDisposable {
  readonly baseUrl: string;
}

export type Json = Record<string, unknown>;
const task = z.looseObject({
  id: z.string(),
  activityId: z.string(),
  executionId: z.string(),
  processInstanceId: z.string(),
  workerId: z.string().nullable(),
  lockExpirationTime: z.string().nullable(),
  retries: z.number().nullable(),
  variables: z.record(z.string(), z.looseObject({ type: z.string(), value: z.unknown() })).default({}),
});
export type Task = z.infer<typeof task>;
const errorAnswer = z.object({ type: z.string(), message: z.string(), code: z.number().nullable() });
const tasks = z.array(task);
const namedVariable = z.looseObject({
  name: z.string(),
  type: z.string(),
  value: z.unknown(),
  executionId: z.string(),
  errorMessage: z.string().nullable(),
});

export interface DeployOptions {
  readonly tenantId?: string;
  /** Further fields of the form. */
  readonly fields?: Readonly<Record<string, string>>;
}

export type ContractCase = readonly [sentence: string, test: (bench: Bench) => Promise<void>];

export class Bench implements AsyncDisposable {
  readonly key = `p_${crypto.randomUUID().replaceAll("-", "")}`;
  readonly topic = this.key;
  readonly #driver: CamundaDriver;
  readonly #deployments = new Set<string>();

  constructor(private readonly engine: EngineUnderTest, private readonly validate: AnswerCheck) {
    this.#driver = new CamundaDriver(engine.baseUrl);
  }

  async call(method: string, path: string, body?: unknown): Promise<{ status: number; answer: unknown }> {
    const result = await this.#driver.raw(method, path, body);
    this.validate(method, path.replace(/\?.*/u, ""), result.status, result.answer);
    return result;
  }

  async ok(method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, answer } = await this.call(method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async refused(status: number, method: string, path: string, body?: unknown): Promise<z.infer<typeof errorAnswer>> {
    const result = await this.call(method, path, body);
    assert.equal(result.status, status, JSON.stringify(result.answer));
    return errorAnswer.parse(result.answer);
  }

  async deploy(flow: string, options?: DeployOptions): Promise<Json> {
    return await this.deployFile(bpmn(this.key, flow), options);
  }

  async deployFile(xml: string, options?: DeployOptions): Promise<Json> {
    const { status, answer } = await this.tryDeploy(xml, options);
    assert.equal(status, 200, JSON.stringify(answer));
    const deployment = z.looseObject({ id: z.string() }).parse(answer);
    this.#deployments.add(deployment.id);
    return deployment;
  }

  /** Whatever comes of it; what it deploys stays in the engine. */
  tryDeploy(xml: string, options: DeployOptions = {}) {
    const form = new FormData();
    const tenant = options.tenantId === undefined ? {} : { "tenant-id": options.tenantId };
    for (const [name, value] of Object.entries({ "deployment-name": this.key, ...tenant, ...options.fields })) {
      form.set(name, value);
    }
    form.set("process.bpmn", new File([xml], "process.bpmn"));
    return this.call("POST", "/deployment/create", form);
  }

  async start(variables: Json = {}, body: Json = {}, tenant = ""): Promise<string> {
    const typed = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value instanceof Typed ? { ...value } : { value }]),
    );
    const path = `/process-definition/key/${this.key}${tenant}/start`;
    return z.looseObject({ id: z.string() }).parse(await this.ok("POST", path, { variables: typed, ...body })).id;
  }

  /** Tasks of this test's topic, or of one derived from it by a suffix. */
  async fetch(options: { workerId?: string; maxTasks?: number; topic?: string; wait?: number } & Json = {}) {
    const { workerId = "w1", maxTasks = 10, topic = this.topic, wait, usePriority = false, ...rest } = options;
    const asyncResponse = wait === undefined ? {} : { asyncResponseTimeout: wait };
    const topics = [{ topicName: topic, lockDuration: 60_000, ...rest }];
    const sorting = [{ sortBy: "createTime", sortOrder: "asc" }];
    const body = { workerId, maxTasks, usePriority, sorting, topics, ...asyncResponse };
    return tasks.parse(await this.ok("POST", "/external-task/fetchAndLock", body));
  }

  async fetchOne(options: Parameters<Bench["fetch"]>[0] = {}): Promise<Task> {
    const [first, ...more] = await this.fetch(options);
    assert.ok(first !== undefined && more.length === 0, `one task expected, got ${first ? more.length + 1 : 0}`);
    return first;
  }

  async complete({ id }: Task, body: Json = {}): Promise<void> {
    await this.ok("POST", `/external-task/${id}/complete`, { workerId: "w1", ...body });
  }

  async task({ id }: Task): Promise<Task> {
    return task.parse(await this.ok("GET", `/external-task/${id}`));
  }

  async state(instanceId: string): Promise<string> {
    const instance = await this.ok("GET", `/history/process-instance/${instanceId}`);
    return z.looseObject({ state: z.string() }).parse(instance).state;
  }

  /** Values by name: what history knows of an instance. */
  async history(instanceId: string): Promise<Json> {
    const found = await this.ok("POST", "/history/variable-instance?deserializeValues=false", {
      processInstanceId: instanceId,
    });
    return Object.fromEntries(z.array(namedVariable).parse(found).map(({ name, value }) => [name, value]));
  }

  async variableInstances(instanceId: string, query = "?deserializeValues=false") {
    return z.array(namedVariable).parse(
      await this.ok("POST", `/variable-instance${query}`, { processInstanceIdIn: [instanceId] }),
    );
  }

  async incidents(instanceId: string): Promise<Json[]> {
    return z.array(z.record(z.string(), z.unknown())).parse(
      await this.ok("GET", `/incident?processInstanceId=${instanceId}`),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#deployments) await this.ok("DELETE", `/deployment/${id}?cascade=true`);
    await this.engine[Symbol.asyncDispose]();
  }
}

/** A variable with its type, where the value alone would be taken for something else. */
export class Typed {
  constructor(readonly value: unknown, readonly type: string, readonly valueInfo: Json = {}) {}
}

export function bpmn(key: string, flow: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="Definitions" targetNamespace="test">
  <bpmn:process id="${key}" name="Contract" isExecutable="true" camunda:historyTimeToLive="P1D">${flow}</bpmn:process>
  <bpmn:error id="Refused" errorCode="REFUSED"/>
</bpmn:definitions>`;
}

export const start = `<bpmn:startEvent id="s"/>`;
export const end = `<bpmn:endEvent id="e"/>`;

export function external(id: string, topic: string, inner = "", attributes = ""): string {
  return `<bpmn:serviceTask id="${id}" camunda:type="external" camunda:topic="${topic}" ${attributes}>${inner}</bpmn:serviceTask>`;
}

/** Flows `a>b`, or `a>b: condition`. */
export function flows(...lines: string[]): string {
  return lines.map((line, index) => {
    const [, source, target, condition] = /^(\S+)>(\S+?)(?:: (.*))?$/u.exec(line) ?? [];
    const inner = condition === undefined
      ? ""
      : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"><![CDATA[${condition}]]></bpmn:conditionExpression>`;
    return `<bpmn:sequenceFlow id="f${index}_${source}_${target}" sourceRef="${source}" targetRef="${target}">${inner}</bpmn:sequenceFlow>`;
  }).join("");
}

export function oneTask(topic: string, inner = "", attributes = ""): string {
  return start + external("A", topic, inner, attributes) + end + flows("s>A", "A>e");
}
