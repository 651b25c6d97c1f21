/**
 * What tests do to a Camunda (the real one or the simulator) to make it produce work and to see what became of it. Apart
 * from lib/camunda, so that the client under test is not its own witness.
 */
import { z } from "zod";

export interface CamundaVariable {
  readonly value: unknown;
  readonly type?: string;
  readonly valueInfo?: Readonly<Record<string, unknown>>;
}

export interface StartOptions {
  readonly businessKey?: string;
  readonly variables?: Readonly<Record<string, CamundaVariable>>;
  readonly tenantId?: string;
}

const id = z.object({ id: z.string() });
const deployment = z.object({
  id: z.string(),
  deployedProcessDefinitions: z.record(z.string(), z.unknown()).nullish(),
});
const externalTask = z.looseObject({
  id: z.string(),
  activityId: z.string(),
  topicName: z.string(),
  workerId: z.string().nullish(),
  lockExpirationTime: z.string().nullish(),
  processInstanceId: z.string(),
  retries: z.number().nullish(),
  suspended: z.boolean(),
  errorMessage: z.string().nullish(),
});
const historyVariable = z.looseObject({ name: z.string(), type: z.string().nullish(), value: z.unknown() });
const incident = z.looseObject({ id: z.string(), incidentType: z.string(), incidentMessage: z.string().nullish() });

export type DrivenTask = z.infer<typeof externalTask>;

export class CamundaDriver {
  constructor(readonly baseUrl: string) {}

  /** Returns the deployment's id. */
  async deploy(bpmnXml: string, options: { readonly tenantId?: string } = {}): Promise<string> {
    const form = new FormData();
    form.set("deployment-name", "test");
    if (options.tenantId !== undefined) form.set("tenant-id", options.tenantId);
    form.set("process.bpmn", new File([bpmnXml], "process.bpmn", { type: "text/xml" }));
    return deployment.parse(await this.call("POST", "/deployment/create", form)).id;
  }

  /** Deletes a deployment with its instances and their history. */
  async undeploy(deploymentId: string): Promise<void> {
    await this.call("DELETE", `/deployment/${deploymentId}?cascade=true`);
  }

  /** Returns the process instance's id. */
  async start(processKey: string, options: StartOptions = {}): Promise<string> {
    const { tenantId, ...body } = options;
    const tenant = tenantId === undefined ? "" : `/tenant-id/${tenantId}`;
    return id.parse(await this.call("POST", `/process-definition/key/${processKey}${tenant}/start`, body)).id;
  }

  /** Filters are those of `POST /external-task`: `{processInstanceId, topicName, locked…}`. */
  async externalTasks(filter: Readonly<Record<string, unknown>> = {}): Promise<DrivenTask[]> {
    return z.array(externalTask).parse(await this.call("POST", "/external-task", filter));
  }

  /** The variables an instance has or had, by name. */
  async historyVariables(processInstanceId: string): Promise<Map<string, z.infer<typeof historyVariable>>> {
    const query = { processInstanceId, deserializeValues: false };
    const found = await this.call("POST", "/history/variable-instance?deserializeValues=false", query);
    return new Map(z.array(historyVariable).parse(found).map((variable) => [variable.name, variable]));
  }

  async isCompleted(processInstanceId: string): Promise<boolean> {
    const found = await this.call("GET", `/history/process-instance/${processInstanceId}`);
    return z.object({ state: z.string() }).parse(found).state === "COMPLETED";
  }

  async incidents(processInstanceId: string): Promise<z.infer<typeof incident>[]> {
    return z.array(incident).parse(await this.call("GET", `/incident?processInstanceId=${processInstanceId}`));
  }

  async suspend(processInstanceId: string): Promise<void> {
    await this.call("PUT", `/process-instance/${processInstanceId}/suspended`, { suspended: true });
  }

  async activate(processInstanceId: string): Promise<void> {
    await this.call("PUT", `/process-instance/${processInstanceId}/suspended`, { suspended: false });
  }

  async deleteInstance(processInstanceId: string): Promise<void> {
    await this.call("DELETE", `/process-instance/${processInstanceId}`);
  }

  /**
   * Any call; returns the parsed answer, `undefined` for 204. A worker may touch the same rows at the same moment: what
   * lost an optimistic lock was rolled back and is asked again. Rejects on every other status that is no success.
   */
  async call(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> {
    for (let attempt = 1;; attempt++) {
      const { status, answer } = await this.raw(method, path, body);
      if (status < 400) return answer;
      const conflict = z.object({ code: z.literal(1) }).safeParse(answer).success;
      if (!conflict || attempt === 10) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    }
  }

  /** Any call, whatever the status. */
  async raw(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly answer: unknown }> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      ...(body instanceof FormData
        ? { body }
        : body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    return { status: response.status, answer: text === "" ? undefined : JSON.parse(text) };
  }
}
