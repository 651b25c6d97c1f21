/** The way of one drawing into Camunda: converted, then deployed, or only said what deploying it would do. */
import type { Problem, ReportEntry } from "../bpmn/convert/result.ts";
import { lineOfId } from "../bpmn/convert/source_text.ts";
import type { Drawing } from "./drawing.ts";
import type { DrawingConverter } from "./drawing_converter.ts";
import type { DeployedDiagram } from "./deployed_diagrams.ts";
import type { DeployedDefinition, Deployer, DeployRequest } from "./deployment/deployer.ts";
import type { PlannedProcess } from "./deployment/deployment_plan.ts";
import { stemOf } from "./diagram_files.ts";

export type DeliveryOutcome =
  | {
    /** `unchanged`: Camunda has it already. */
    readonly kind: "deployed" | "unchanged";
    readonly definitions: readonly DeployedDefinition[];
    readonly warnings: readonly string[];
    readonly report: readonly ReportEntry[];
  }
  | {
    /** Only with `dryRun`. */
    readonly kind: "would_deploy";
    readonly processes: readonly PlannedProcess[];
    readonly warnings: readonly string[];
    readonly report: readonly ReportEntry[];
  }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

export interface DeliveryOptions {
  readonly dryRun: boolean;
  readonly activateAt?: Date | undefined;
}

export interface DeliveryDeps {
  readonly converter: DrawingConverter;
  readonly deployer: Deployer;
}

export class Delivery {
  constructor(private readonly options: DeliveryOptions, private readonly deps: DeliveryDeps) {}

  /**
   * @param touched what is deployed of the same version of the drawing: only if the process is another one is it deployed, for
   *   StormBPMN also notes times of changes that no process knows of
   * @throws what reading called diagrams and deploying throw
   */
  async deliver(drawing: Drawing, signal: AbortSignal, touched?: DeployedDiagram): Promise<DeliveryOutcome> {
    const { converter, deployer } = this.deps;
    if (touched !== undefined) {
      const asBefore = await converter.convert(drawing, signal, touched.facts);
      const deployed = await deployer.deployedXml(touched.definition.key, signal);
      if (asBefore.kind === "converted" && deployed?.xml === asBefore.xml) {
        return { kind: "unchanged", definitions: [deployed.definition], warnings: [], report: asBefore.report };
      }
    }
    const converted = await converter.convert(drawing, signal);
    if (converted.kind === "refused") return converted;
    const outcome = await this.#deploy(drawing, converted.xml, converted.report, signal);
    return outcome.kind === "refused"
      ? { kind: "refused", problems: outcome.problems.map(inDrawing(drawing)) }
      : outcome;
  }

  /** A file that is deployed as it stands. */
  async deliverConverted(drawing: Drawing, fileName: string, signal: AbortSignal): Promise<DeliveryOutcome> {
    return await this.#deploy(drawing, drawing.xml, [], signal, fileName);
  }

  async #deploy(
    { name, facts }: Drawing,
    xml: string,
    report: readonly ReportEntry[],
    signal: AbortSignal,
    fileName = `camunda_${stemOf({ name, id: facts?.id ?? "diagram" })}.bpmn`,
  ): Promise<DeliveryOutcome> {
    const { dryRun, activateAt } = this.options;
    const request: DeployRequest = {
      xml,
      name,
      fileName,
      ...(facts !== undefined && { diagram: facts }),
      ...(activateAt !== undefined && { activateAt }),
    };
    if (dryRun) {
      const plan = await this.deps.deployer.plan(request, signal);
      if (plan.kind === "planned") return { ...plan, kind: "would_deploy", report };
      return plan.kind === "refused" ? plan : { ...plan, report };
    }
    const outcome = await this.deps.deployer.deploy(request, signal);
    return outcome.kind === "refused" ? outcome : { ...outcome, report };
  }
}

/** People have the drawing before them, not what was made of it: what was inserted into it has no line there. */
function inDrawing({ xml }: Drawing): (problem: Problem) => Problem {
  return ({ line: _, ...problem }) => {
    const line = problem.elementId === undefined ? undefined : lineOfId(xml, problem.elementId);
    return { ...problem, ...(line !== undefined && { line }) };
  };
}
