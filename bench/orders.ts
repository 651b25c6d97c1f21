/** The work that is measured: instances of a process with one external task and the variables of an ordinary order. */
import { z } from "zod";
import { CamundaDriver } from "../tests/services/camunda_driver.ts";
import { pooled } from "./pooled.ts";

export const TOPIC = "bitrix_create_task";
const KEY = "order";

const process = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="bench">
  <bpmn:process id="${KEY}" isExecutable="true" camunda:historyTimeToLive="1">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="Activity_order"/>
    <bpmn:serviceTask id="Activity_order" name="Order" camunda:type="external" camunda:topic="${TOPIC}">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="assigneeId" value="15"/>
          <camunda:property name="UF_RESULT_EXPECTED" value="true"/>
          <camunda:property name="UF_RESULT_QUESTION" value="Is the order complete?"/>
        </camunda:properties>
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="Activity_order" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>`;

const variables = {
  startedBy: { value: "15", type: "String" },
  groupId: { value: "42", type: "String" },
  deadline: { value: "2030-01-15T18:00:00.000+0300", type: "Date" },
  orderNumber: { value: 100_500, type: "Integer" },
  amount: { value: 1_234.56, type: "Double" },
  approved: { value: false, type: "Boolean" },
  customer: { value: "ООО «Ромашка», Санкт-Петербург, Невский проспект, 1", type: "String" },
  comment: { value: "Deliver before noon, ring twice. ".repeat(6), type: "String" },
  items: { value: JSON.stringify([1, 2, 3].map((id) => ({ id, title: `Item ${id}`, price: 10 * id }))), type: "Json" },
};

/** Requests that start instances at once; the engine is fastest at a handful. */
const STARTERS = 6;

const count = z.object({ count: z.number() });

/** Orders of one tenant. */
export class Orders {
  readonly #driver: CamundaDriver;
  readonly #deployments: string[] = [];

  constructor(camundaUrl: string, private readonly tenantId: string) {
    this.#driver = new CamundaDriver(camundaUrl);
  }

  /** Deploys the process, unless that is done. */
  async prepare(): Promise<void> {
    if (this.#deployments.length > 0) return;
    this.#deployments.push(await this.#driver.deploy(process, { tenantId: this.tenantId }));
  }

  async start(many: number): Promise<void> {
    await this.prepare();
    await pooled(Array.from({ length: many }), STARTERS, () => this.startOne());
  }

  async startOne(): Promise<void> {
    await this.#driver.start(KEY, { tenantId: this.tenantId, variables, businessKey: "order-100500" });
  }

  /** Tasks that are there. */
  async open(): Promise<number> {
    return await this.#count({});
  }

  /** Resolves when this many tasks have a lease and not only the lock of their hand-over. */
  async leased(many: number): Promise<void> {
    const lockExpirationAfter = new Date(Date.now() + 3_600_000).toISOString().replace("Z", "+0000");
    await this.#until(async () => await this.#count({ lockExpirationAfter }) >= many);
  }

  async allCompleted(): Promise<void> {
    await this.#until(async () => await this.open() === 0);
  }

  /** Deletes all of it, so that the next round finds an engine like the one before. */
  async clear(): Promise<void> {
    for (const id of this.#deployments.splice(0)) await this.#driver.undeploy(id);
  }

  async #count(filter: object): Promise<number> {
    const found = await this.#driver.call("POST", "/external-task/count", { tenantIdIn: [this.tenantId], ...filter });
    return count.parse(found).count;
  }

  async #until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + 120_000;
    while (!await condition()) {
      if (performance.now() > deadline) throw new Error("The engine was not done within 2 minutes");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
