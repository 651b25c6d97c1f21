/** A simulated Camunda, deployers to it, and files as conversion makes them. */
import assert from "node:assert/strict";
import { z } from "zod";
import { Deployer, type DeployerOptions, type DeployOutcome } from "../../../../lib/sync/deployment/deployer.ts";
import { type CamundaSimulator, startCamundaSimulator } from "../../../../simulators/camunda/simulator.ts";
import { CamundaDriver } from "../../../services/camunda_driver.ts";
import { SleepingClock } from "../../bitrix24/sleeping_clock.ts";
import { diagram, file, node, path } from "../../bpmn/convert/drawing.ts";
import { clientFor } from "../../camunda/camunda_fixture.ts";

const definitions = z.array(z.object({ version: z.number(), suspended: z.boolean() }));

export const never = new AbortController().signal;

export interface Place extends AsyncDisposable {
  readonly simulator: CamundaSimulator;
  readonly clock: SleepingClock;
  readonly driver: CamundaDriver;
  deployer(options?: DeployerOptions): Deployer;
}

export async function openPlace(): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const clock = new SleepingClock();
  clock.ms = Date.UTC(2030, 0, 31, 8);
  const simulator = stack.use(await startCamundaSimulator({ clock }));
  const camunda = stack.use(clientFor(simulator.baseUrl));
  const owned = stack.move();
  return {
    simulator,
    clock,
    driver: new CamundaDriver(simulator.baseUrl),
    deployer: (options = {}) => new Deployer({ clock, ...options }, camunda),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Versions of a process of which nothing can be started. */
export async function suspendedVersions(driver: CamundaDriver, key = "Order"): Promise<number[]> {
  const found = definitions.parse(await driver.call("GET", `/process-definition?key=${key}`));
  return found.filter(({ suspended }) => suspended).map(({ version }) => version);
}

export interface FileParts {
  /** @default "Order" */
  readonly key?: string;
  /** @default "bitrix_create_task" */
  readonly topic?: string;
  /** Of the diagram that it was made of. */
  readonly diagramId?: string;
  readonly version?: string;
  /** Id of the task. @default "Check" */
  readonly task?: string;
}

/** Start, one task «Check papers», end. */
export function order(parts: FileParts = {}): string {
  const { key = "Order", topic = "bitrix_create_task", diagramId, version, task = "Check" } = parts;
  const property = (name: string, value: string | undefined) =>
    value === undefined ? "" : `<camunda:property name="${name}" value="${value}" />`;
  const facts = `${property("stormDiagramId", diagramId)}${property("stormVersion", version)}`;
  const extensions = facts === ""
    ? ""
    : `<bpmn:extensionElements><camunda:properties>${facts}</camunda:properties></bpmn:extensionElements>`;
  return diagram(
    `${extensions}
     ${node("startEvent", "Start")}
     ${external(task, topic)}
     ${node("endEvent", "End")}
     ${path("Start", task, "End")}`,
    { process: executable(key, "Order intake") },
  );
}

/** Two processes, Sale and Purchase, each with one task. */
export function saleAndPurchase(version: string): string {
  const process = (key: string) =>
    `<bpmn:process ${executable(key, `${key} ${version}`)}>
       ${node("startEvent", `${key}_s`)}${external(`${key}_t`, "bitrix_create_task")}${node("endEvent", `${key}_e`)}
       ${path(`${key}_s`, `${key}_t`, `${key}_e`)}
     </bpmn:process>`;
  return file(`${process("Sale")}${process("Purchase")}`);
}

export function external(id: string, topic: string, name = "Check papers"): string {
  return node(`serviceTask camunda:type="external" camunda:topic="${topic}"`, id, name);
}

export function executable(key: string, name: string): string {
  return `id="${key}" name="${name}" isExecutable="true" camunda:historyTimeToLive="P365D"`;
}

export function request(xml: string, name = "Order intake") {
  return { xml, name, fileName: "camunda_Order intake.bpmn" };
}

export type Done = Exclude<DeployOutcome, { kind: "refused" }>;

/** The outcome, unless it was refused. */
export function done(outcome: DeployOutcome): Done {
  assert.notEqual(outcome.kind, "refused", JSON.stringify(outcome, null, 2));
  if (outcome.kind === "refused") throw new Error("refused");
  return outcome;
}

/** The reasons of a refusal. */
export function refused(outcome: DeployOutcome) {
  assert.equal(outcome.kind, "refused", JSON.stringify(outcome, null, 2));
  return outcome.kind === "refused" ? outcome.problems : [];
}
