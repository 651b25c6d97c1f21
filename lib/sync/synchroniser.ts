/** Looks at all diagrams: those that changed are pulled, converted and deployed; one bad diagram does not stop the rest. */
import type { CamundaClient } from "../camunda/client.ts";
import type { DiagramSummary } from "../stormbpmn/diagram.ts";
import type { OpenPull } from "./commands/context.ts";
import { diagramFacts } from "./diagram_facts.ts";
import { Delivery, type DeliveryOutcome } from "./delivery.ts";
import { type DeployedDiagram, DeployedDiagrams } from "./deployed_diagrams.ts";
import { changeOf } from "./deployed_facts.ts";
import type { Deployer } from "./deployment/deployer.ts";
import { drawingOf } from "./drawing.ts";
import { type ConvertChoices, DrawingConverter } from "./drawing_converter.ts";
import { type Failure, failureOf } from "./failure.ts";
import { kept } from "./kept.ts";
import { LinkedDiagrams } from "./linked_diagrams.ts";
import { type PullDeps, pullDiagram } from "./pull.ts";
import { findDiagrams, type Selection } from "./selection.ts";
import { RoundMemory } from "./round_memory.ts";

export type RoundOutcome =
  | DeliveryOutcome
  /** StormBPMN has what is deployed; it was not pulled. */
  | { readonly kind: "skipped"; readonly version: number }
  /** Something went wrong that says nothing about the next diagram. */
  | { readonly kind: "failed"; readonly reason: string };

export interface RoundRow {
  readonly diagram: DiagramSummary;
  readonly outcome: RoundOutcome;
}

export interface Round {
  readonly rows: readonly RoundRow[];
  /** Why the diagrams that are not among the rows were not tried; `undefined` when all were. */
  readonly stoppedBy: Failure | undefined;
}

export interface SynchroniserOptions {
  readonly selection: Selection;
  /** Also what StormBPMN says has not changed: after the mapping file or the rules did. */
  readonly all: boolean;
  readonly choices: ConvertChoices;
  readonly dryRun: boolean;
  /** Of the processes. */
  readonly tenantId: string | undefined;
}

export interface SynchroniserDeps {
  readonly pull: OpenPull;
  readonly camunda: CamundaClient;
  readonly deployer: Deployer;
}

/** Told how far it is: for a progress bar, or to show that it is alive. */
export interface RoundProgress {
  listed(seen: number, total: number): void;
  begins(diagram: DiagramSummary, done: number, total: number): void;
  ended(row: RoundRow): void;
}

/** What one round works with. */
interface Tools {
  readonly deployed: ReadonlyMap<string, DeployedDiagram>;
  readonly delivery: Delivery;
  readonly pull: PullDeps;
}

export class Synchroniser {
  readonly #memory = new RoundMemory();
  readonly #deployed: DeployedDiagrams;

  constructor(private readonly options: SynchroniserOptions, private readonly deps: SynchroniserDeps) {
    this.#deployed = new DeployedDiagrams(deps.camunda, options.tenantId);
  }

  /** @throws only when the list of diagrams or what is deployed could not be read at all */
  async round(progress: RoundProgress, signal: AbortSignal): Promise<Round> {
    const { storm } = this.deps.pull;
    const tools = this.#tools(await this.#deployed.read(signal));
    const { diagrams } = await findDiagrams(storm, this.options.selection, signal, progress.listed);
    const rows: RoundRow[] = [];
    for (const diagram of diagrams) {
      progress.begins(diagram, rows.length, diagrams.length);
      let outcome: RoundOutcome;
      try {
        const deployedId = tools.deployed.get(diagram.id)?.definition.id;
        outcome = this.#memory.recall(diagram, deployedId) ?? await this.#outcomeOf(diagram, tools, signal);
        this.#memory.note(diagram, deployedId, outcome);
      } catch (error) {
        const failure = failureOf(error, signal);
        if (failure.isAboutService) return { rows, stoppedBy: failure };
        outcome = { kind: "failed", reason: failure.text };
      }
      rows.push({ diagram, outcome });
      progress.ended({ diagram, outcome });
    }
    return { rows, stoppedBy: undefined };
  }

  async #outcomeOf(
    diagram: DiagramSummary,
    { deployed, delivery, pull }: Tools,
    signal: AbortSignal,
  ): Promise<RoundOutcome> {
    const there = deployed.get(diagram.id);
    const change = this.options.all ? "redrawn" : changeOf(diagramFacts(diagram), there?.facts);
    if (change === "none" && there !== undefined) return { kind: "skipped", version: there.definition.version };
    const drawing = drawingOf(await pullDiagram(diagram.id, pull, signal));
    return kept(await delivery.deliver(drawing, signal, change === "touched" ? there : undefined));
  }

  #tools(deployed: ReadonlyMap<string, DeployedDiagram>): Tools {
    const { pull, deployer } = this.deps;
    const keys = [...deployed].filter(([, { isOnly }]) => isOnly);
    const linked = new LinkedDiagrams(pull.storm, keys.map(([id, { definition }]) => [id, definition.key]));
    const converter = new DrawingConverter(this.options.choices, linked);
    return {
      deployed,
      delivery: new Delivery({ dryRun: this.options.dryRun }, { converter, deployer }),
      pull: {
        storm: {
          diagram: (id, signal) => linked.diagram(id, signal),
          assignees: (diagram, signal) => pull.storm.assignees(diagram, signal),
        },
        ...(pull.checklistsOf !== undefined && { checklistsOf: pull.checklistsOf }),
      },
    };
  }
}
