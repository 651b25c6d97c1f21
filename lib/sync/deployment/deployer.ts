/** Deploys converted diagrams to Camunda and says what became of them. */
import { propertyOf } from "../../bpmn/convert/properties.ts";
import type { CamundaClient } from "../../camunda/client.ts";
import { parseFaultsOf } from "../../camunda/parse_faults.ts";
import type { ProcessDefinition } from "../../camunda/process_definitions.ts";
import { systemClock } from "../../time/clock.ts";
import { type DeployedDefinition, type DeployOutcome, type DeployRequest, shown } from "./deploy_outcome.ts";
import { type Deployable, readDeployable } from "./deployable.ts";
import type { DeployerOptions } from "./deployer_options.ts";
import type { DeploymentPlan } from "./deployment_plan.ts";
import { deploymentName } from "./deployment_name.ts";
import { settleOlder } from "./older_versions.ts";
import { problemsOf } from "./parse_problems.ts";
import { repeat, type Repetition } from "./repeat.ts";
import { areOf, definitionsIn, type Standing, standingOf } from "./standing.ts";
import { submit } from "./submit.ts";
import { takenProcesses } from "./taken_processes.ts";
import { type Expected, missingProcesses, warningsBefore, warningsOf } from "./verification.ts";

export type { DeployedDefinition, DeployOutcome, DeployRequest } from "./deploy_outcome.ts";
export type { DeployerOptions } from "./deployer_options.ts";

/** One file on its way. */
interface Delivery {
  readonly request: DeployRequest;
  readonly file: Deployable;
  /** What Camunda had before; in the order of the file, as all standings are. */
  readonly before: readonly Standing[];
  readonly activateAt: Date | undefined;
  readonly signal: AbortSignal;
}

export class Deployer {
  readonly #repetition: Repetition;
  readonly #filtering: boolean;

  constructor(private readonly options: DeployerOptions, private readonly camunda: CamundaClient) {
    this.#repetition = { attempts: options.attempts ?? 3, clock: options.clock ?? systemClock };
    this.#filtering = options.duplicateFiltering ?? true;
  }

  /**
   * @throws {CamundaError} not allowed to, or Camunda failed
   * @throws {HttpError} no answer, also after repeating
   */
  async deploy(request: DeployRequest, signal: AbortSignal): Promise<DeployOutcome> {
    const read = await readDeployable(request.xml, request.fileName);
    if (read.kind === "refused") return read;
    const { file } = read;
    const before = await this.#repeated(() => this.#look(file, signal), signal);
    const delivery = { request, file, before, activateAt: this.#activation(request), signal };
    if (this.#filtering && areOf(request.xml, before)) {
      return await this.#verified("unchanged", delivery, definitionsIn(before), before);
    }
    const taken = this.options.takeOver ? [] : takenProcesses(file, before, request.diagram?.id);
    if (taken.length > 0) return { kind: "refused", problems: taken };
    let definitions: readonly ProcessDefinition[];
    try {
      definitions = await this.#submitted(delivery);
    } catch (error) {
      const faults = parseFaultsOf(error);
      if (faults === undefined) throw error;
      return { kind: "refused", problems: problemsOf(faults, request.xml, file.elements) };
    }
    const after = await this.#repeated(() => this.#look(file, signal), signal);
    return await this.#verified("deployed", delivery, definitions, after);
  }

  /**
   * What {@link deploy} would do, judged by the same rules. Camunda's own look at the file is not part of it: the engine
   * checks a file only by deploying it.
   * @throws as `deploy`
   */
  async plan(request: DeployRequest, signal: AbortSignal): Promise<DeploymentPlan> {
    const read = await readDeployable(request.xml, request.fileName);
    if (read.kind === "refused") return read;
    const { xml, diagram } = request;
    const { file } = read;
    const { tenantId, extraTopics = [], takeOver } = this.options;
    const standings = await this.#repeated(() => this.#look(file, signal), signal);
    if (this.#filtering && areOf(xml, standings)) {
      const definitions = definitionsIn(standings);
      const expected: Expected = { file, xml, definitions, tenantId, extraTopics, activateAt: undefined };
      return { kind: "unchanged", definitions: definitions.map(shown), warnings: warningsOf(expected, standings) };
    }
    const taken = takeOver ? [] : takenProcesses(file, standings, diagram?.id);
    if (taken.length > 0) return { kind: "refused", problems: taken };
    return {
      kind: "planned",
      processes: standings.map(({ key, newest }) => ({ key, version: newest?.definition.version })),
      warnings: warningsBefore({ file, tenantId, extraTopics }, standings),
    };
  }

  /** The newest version of a process in our tenant, as it was deployed; `undefined` when there is none. */
  async deployedXml(
    processKey: string,
    signal: AbortSignal,
  ): Promise<{ readonly definition: DeployedDefinition; readonly xml: string } | undefined> {
    const { newest } = await this.#repeated(() => this.#standing(processKey, signal), signal);
    return newest && { definition: shown(newest.definition), xml: newest.xml };
  }

  async #submitted({ request, file, before, activateAt, signal }: Delivery): Promise<readonly ProcessDefinition[]> {
    const [first] = file.processes;
    const version = request.diagram?.version ?? (first && propertyOf(first.element, "stormVersion"));
    const submission = {
      xml: request.xml,
      deployment: {
        name: deploymentName({ name: request.name, version, by: this.options.by }),
        source: this.options.source ?? "camunda-sync",
        tenantId: this.options.tenantId,
        resources: new Map([[request.fileName, request.xml]]),
        activateAt,
      },
      filtering: this.#filtering,
      before,
      look: () => this.#look(file, signal),
    };
    return await this.#repeated((attempt) => submit(this.camunda, submission, attempt, signal), signal);
  }

  async #verified(
    kind: "deployed" | "unchanged",
    delivery: Delivery,
    definitions: readonly ProcessDefinition[],
    standings: readonly Standing[],
  ): Promise<DeployOutcome> {
    const { request: { xml }, file, signal } = delivery;
    const { tenantId, extraTopics = [] } = this.options;
    const activateAt = kind === "unchanged" ? undefined : delivery.activateAt;
    const expected: Expected = { file, xml, definitions, tenantId, extraTopics, activateAt };
    const problems = missingProcesses(expected, standings);
    const [first] = definitions;
    if (problems.length > 0 || first === undefined) return { kind: "refused", problems };
    const warnings = [
      ...warningsOf(expected, standings),
      ...delivery.activateAt !== undefined && kind === "unchanged"
        ? ["There is no new version, so the time of activation was not used."]
        : [],
      ...await this.#settleOlder(definitions, activateAt, signal),
    ];
    const byKey = new Map(definitions.map((definition) => [definition.key, shown(definition)]));
    const inOrder = file.processes.flatMap(({ key }) => byKey.get(key) ?? []);
    return { kind, deploymentId: first.deploymentId, definitions: inOrder, warnings };
  }

  async #settleOlder(
    definitions: readonly ProcessDefinition[],
    activateAt: Date | undefined,
    signal: AbortSignal,
  ): Promise<string[]> {
    const { olderVersions = "keep" } = this.options;
    if (olderVersions !== "keep" && activateAt !== undefined) {
      return ["Older versions are left as they are until the new one is active."];
    }
    return await settleOlder(this.camunda, definitions, { olderVersions, repetition: this.#repetition }, signal);
  }

  #activation({ activateAt }: DeployRequest): Date | undefined {
    return activateAt !== undefined && activateAt.getTime() > this.#repetition.clock.now() ? activateAt : undefined;
  }

  async #look({ processes }: Deployable, signal: AbortSignal): Promise<Standing[]> {
    const standings: Standing[] = [];
    for (const { key } of processes) standings.push(await this.#standing(key, signal));
    return standings;
  }

  #standing(key: string, signal: AbortSignal): Promise<Standing> {
    return standingOf(this.camunda, key, this.options.tenantId, signal);
  }

  #repeated<T>(act: (attempt: number) => Promise<T>, signal: AbortSignal): Promise<T> {
    return repeat(act, this.#repetition, signal);
  }
}
