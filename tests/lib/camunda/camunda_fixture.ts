/** What the tests of lib/camunda share: clients of any engine, a stand-in for one, and small processes. */
import { z } from "zod";
import { type CamundaSettings, camundaSettings } from "../../../lib/camunda/camunda_settings.ts";
import { CamundaClient } from "../../../lib/camunda/client.ts";
import { requireSettings } from "../../../lib/config/require_settings.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import { CamundaDriver } from "../../services/camunda_driver.ts";

const nothing = () => {};
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, with: () => silentLog };

export function settingsFor(baseUrl: string, more: Readonly<Record<string, string>> = {}): CamundaSettings {
  return requireSettings(camundaSettings, { CAMUNDA_BASE_URL: baseUrl, CAMUNDA_AUTH_ENABLED: "false", ...more });
}

export function clientFor(baseUrl: string, more: Readonly<Record<string, string>> = {}) {
  const client = new CamundaClient(settingsFor(baseUrl, more), { log: silentLog });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

/** The engine at CAMUNDA_BASE_URL. */
export function engineUrl(): string {
  return z.string().parse(Deno.env.get("CAMUNDA_BASE_URL"));
}

/** A process of a test's own on the real engine; its deployment goes, with everything it left, when the test ends. */
export async function deployed(process: (key: string) => string) {
  const driver = new CamundaDriver(engineUrl());
  const key = `p_${crypto.randomUUID().replaceAll("-", "")}`;
  const deploymentId = await driver.deploy(process(key));
  return { driver, key, [Symbol.asyncDispose]: () => driver.undeploy(deploymentId) };
}

/** A process definition around the elements of one process. */
export function bpmn(key: string, elements: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
      <process id="${key}" isExecutable="true" camunda:historyTimeToLive="1">${elements}</process>
    </definitions>`;
}

/** Start, an external task whose topic is the process key, and then `rest`, which begins with the element `next`. */
export function oneTask(key: string, rest = `<endEvent id="next"/>`, inTask = ""): string {
  return bpmn(
    key,
    `<startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="task"/>
     <serviceTask id="task" camunda:type="external" camunda:topic="${key}">${inTask}</serviceTask>
     <sequenceFlow id="f2" sourceRef="task" targetRef="next"/>${rest}`,
  );
}

export interface FakeCall {
  readonly method: string;
  /** Below the base URL, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Something in Camunda's place that keeps what it is asked and answers as the test says. */
export function startFakeCamunda(answer: (call: FakeCall) => Response | Promise<Response>) {
  const calls: FakeCall[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const text = await request.text();
    const call = {
      method: request.method,
      path: pathname.replace(/^\/engine-rest/, ""),
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      body: text === "" ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)),
    };
    calls.push(call);
    return await answer(call);
  });
  return {
    calls,
    baseUrl: `http://127.0.0.1:${server.addr.port}/engine-rest`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** An error answer as the engine writes it. */
export function camundaFailure(status: number, message: string, code = 0, type = "RestException"): Response {
  return Response.json({ type, message, code }, { status });
}

/** A task as fetchAndLock answers it. */
export function fetchedTask(id: string, topicName: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    id,
    topicName,
    workerId: "universal-worker",
    processInstanceId: `i-${id}`,
    processDefinitionId: "p:1:1",
    processDefinitionKey: "p",
    activityId: "task",
    variables: {},
    ...more,
  };
}
