/** What a file that is to be deployed holds, as far as deploying it needs to know. */
import { defaultMaxBytes } from "../../bpmn/convert/options.ts";
import { propertyOf } from "../../bpmn/convert/properties.ts";
import { oneLine } from "../../bpmn/convert/report.ts";
import type { Problem } from "../../bpmn/convert/result.ts";
import { checkText } from "../../bpmn/convert/source_text.ts";
import { is, type ModelElement, type Process } from "../../bpmn/model.ts";
import { type ReadModel, readModel } from "../../bpmn/moddle.ts";
import { errorText } from "../../telemetry/error_text.ts";

export interface DeployableProcess {
  /** Camunda's key of it. */
  readonly key: string;
  readonly element: Process;
  /** The StormBPMN diagram it says it was made of. */
  readonly diagramId: string | undefined;
}

export interface Deployable {
  /** At least one. */
  readonly processes: readonly DeployableProcess[];
  /** Camunda makes nothing of these. */
  readonly notExecutable: readonly Process[];
  readonly elements: ReadonlyMap<string, ModelElement>;
}

export type ReadDeployable =
  | { readonly kind: "readable"; readonly file: Deployable }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Whatever prefix its elements have. What is refused here, Camunda would refuse with less said, or answer with nothing. */
export async function readDeployable(xml: string, fileName: string): Promise<ReadDeployable> {
  if (!/\.(bpmn|bpmn20\.xml)$/.test(fileName)) {
    return refused(`Camunda makes processes only of files named *.bpmn, not of «${fileName}».`);
  }
  const checked = checkText(xml, defaultMaxBytes);
  if ("problem" in checked) return { kind: "refused", problems: [checked.problem] };
  const model = await modelOf(checked.text);
  if (typeof model === "string") return refused(`The file is not BPMN 2.0: ${model}`);
  const all = model.definitions.rootElements.filter((element) => is(element, "bpmn:Process"));
  const processes = all.filter(({ isExecutable }) => isExecutable).map(processOf);
  if (processes.length === 0) {
    return refused("The file has no executable process, so Camunda would deploy nothing. Was it converted?");
  }
  return {
    kind: "readable",
    file: { processes, notExecutable: all.filter(({ isExecutable }) => !isExecutable), elements: model.byId },
  };
}

/** Or why the text cannot be read. */
async function modelOf(xml: string): Promise<ReadModel | string> {
  try {
    return await readModel(xml);
  } catch (error) {
    return oneLine(errorText(error));
  }
}

function processOf(element: Process): DeployableProcess {
  return { key: element.id ?? "", element, diagramId: propertyOf(element, "stormDiagramId") };
}

function refused(reason: string): ReadDeployable {
  return { kind: "refused", problems: [{ reason }] };
}
