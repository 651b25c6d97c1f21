/** The contracts of the demo: instances of a small process that are started in Camunda and followed there. */
import { z } from "zod";
import { camundaSettings } from "../../lib/camunda/camunda_settings.ts";
import { CamundaClient } from "../../lib/camunda/client.ts";
import { newestDefinitions } from "../../lib/camunda/process_definitions.ts";
import { startProcess } from "../../lib/camunda/process_instances.ts";
import { requireSettings } from "../../lib/config/require_settings.ts";
import { json } from "../../lib/messages/json.ts";
import { logOf } from "../../lib/telemetry/log.ts";
import { systemClock } from "../../lib/time/clock.ts";
import type { CamundaSimulator, TaskRecord } from "../camunda/simulator.ts";
import { contractVariables, PROCESS_KEY } from "./contract.ts";

const TENANT = "demo";
const LOOK_MS = 250;

/** What the demo and its programs know Camunda by. */
export function camundaEnvironment(engine: CamundaSimulator) {
  return { CAMUNDA_BASE_URL: engine.baseUrl, CAMUNDA_AUTH_ENABLED: "false", CAMUNDA_TENANT_ID: TENANT };
}

/** A contract that was seen through to its end. */
export interface CompletedContract {
  readonly processInstanceId: string;
  /** Its business key, for people. */
  readonly name: string;
}

const engineVariable = z.object({ processInstanceId: z.string(), name: z.string(), value: json });
export type EngineVariable = z.infer<typeof engineVariable>;

/** Counts only what it started itself. */
export class Contracts implements Disposable {
  readonly #camunda: CamundaClient;
  /** From 1, by process instance. */
  readonly #numbers = new Map<string, number>();
  readonly #running = new Set<string>();
  #completed = 0;
  #version: number | undefined;

  constructor(private readonly engine: CamundaSimulator) {
    const settings = requireSettings(camundaSettings, camundaEnvironment(engine));
    this.#camunda = new CamundaClient(settings, { log: logOf("demo") });
  }

  /** Of the process, as it is deployed; `undefined` while it is not. */
  get version(): number | undefined {
    return this.#version;
  }

  get started(): number {
    return this.#numbers.size;
  }

  get completed(): number {
    return this.#completed;
  }

  /** Waits until the process is deployed and starts its instances one by one, until `signal` aborts. */
  async start(count: number, signal: AbortSignal): Promise<void> {
    await this.#deployed(signal);
    for (let number = 1; number <= count && !signal.aborted; number++) {
      const variables = contractVariables(number, systemClock.now());
      const start = { businessKey: `contract-${number}`, tenantId: TENANT, variables };
      const id = await startProcess(this.#camunda, PROCESS_KEY, start);
      this.#numbers.set(id, number);
      this.#running.add(id);
    }
  }

  /** Looks for ends until so many contracts are completed or `signal` aborts. */
  async follow(
    count: number,
    onCompleted: (contracts: readonly CompletedContract[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const isOver = () => signal.aborted || this.#completed >= count;
    while (!isOver()) {
      await onCompleted(await this.lookForEnds());
      if (!isOver()) await systemClock.sleep(LOOK_MS, signal).catch(() => {});
    }
  }

  /** Asks the engine, not our own programs, which contracts have ended since; returns those that were completed. */
  async lookForEnds(): Promise<CompletedContract[]> {
    // Before the question: what is started meanwhile is not in its answer.
    const asked = [...this.#running];
    const query = { processDefinitionKey: PROCESS_KEY };
    const instances = z.array(z.object({ id: z.string() }));
    const found = await this.#camunda.rest.read(instances, { method: "GET", path: "/process-instance", query });
    const stillRunning = new Set(found.map(({ id }) => id));
    const ended = asked.filter((id) => !stillRunning.has(id));
    const completed = await Promise.all(ended.map((id) => this.#isCompleted(id)));
    for (const id of ended) this.#running.delete(id);
    const contracts = ended.filter((_, index) => completed[index])
      .map((id) => ({ processInstanceId: id, name: this.nameOf(id) }));
    this.#completed += contracts.length;
    return contracts;
  }

  /** What the engine has kept of these variables, also of contracts that have ended. */
  async variablesOf(processInstanceIds: readonly string[], names: readonly string[]): Promise<EngineVariable[]> {
    if (names.length === 0) return [];
    return await this.#camunda.rest.read(z.array(engineVariable), {
      method: "POST",
      path: "/history/variable-instance",
      query: { deserializeValues: "false" },
      json: { processInstanceIdIn: processInstanceIds, variableNameIn: names },
    });
  }

  /** What the engine knows of an external task; `undefined` before it was fetched. */
  taskOf(externalTaskId: string): TaskRecord | undefined {
    return this.engine.ledger().get(externalTaskId);
  }

  /** From 1 in the order of their start; `undefined` for an instance that somebody else started. */
  numberOf(processInstanceId: string): number | undefined {
    return this.#numbers.get(processInstanceId);
  }

  /** Its business key, for people. */
  nameOf(processInstanceId: string): string {
    return `contract-${this.numberOf(processInstanceId) ?? "?"}`;
  }

  [Symbol.dispose](): void {
    this.#camunda.close();
  }

  async #deployed(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [definition] = await newestDefinitions(this.#camunda, PROCESS_KEY);
      this.#version = definition?.version;
      if (definition !== undefined) return;
      await systemClock.sleep(LOOK_MS, signal).catch(() => {});
    }
  }

  async #isCompleted(id: string): Promise<boolean> {
    const path = `/history/process-instance/${id}`;
    const { state } = await this.#camunda.rest.read(z.object({ state: z.string() }), { method: "GET", path });
    return state === "COMPLETED";
  }
}
