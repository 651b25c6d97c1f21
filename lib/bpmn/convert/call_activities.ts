/** Which process a call activity calls: as drawn, as decided in the mapping file, or that of the diagram it links to. */
import type { CallActivity } from "../model.ts";
import { create } from "../moddle.ts";
import type { Conversion } from "./conversion.ts";

/** Whether it calls a process now. */
export function callLinkedProcess(call: CallActivity, { settings, options, report }: Conversion): boolean {
  const decided = settings.own(call.id ?? "").calledElement;
  if (decided === undefined && (call.calledElement?.trim() || call.caseRef?.trim())) return true;
  const linkedDiagram = linkedDiagramId(call);
  const linked = linkedDiagram === undefined ? undefined : options.calledProcesses?.get(linkedDiagram);
  const key = decided ?? linked;
  if (key === undefined) return false;
  call.calledElement = key;
  passVariables(call);
  report.mapped(call, decided === undefined ? `It calls ${key}, made of the diagram it links to.` : `It calls ${key}.`);
  return true;
}

/** What the drawing does not say: the called process works with the same variables and business key, and hands them back. */
function passVariables(call: CallActivity): void {
  const bindings = call.extensionElements?.values ?? [];
  if (bindings.some(({ $type }) => $type === "camunda:In" || $type === "camunda:Out")) return;
  const extensions = call.extensionElements ?? create("bpmn:ExtensionElements");
  const businessKey = create("camunda:In");
  businessKey.set("businessKey", "#{execution.processBusinessKey}");
  const all = [create("camunda:In"), create("camunda:Out")];
  for (const binding of all) binding.set("variables", "all");
  for (const binding of [businessKey, ...all]) {
    binding.$parent = extensions;
    extensions.values.push(binding);
  }
  extensions.$parent = call;
  call.extensionElements = extensions;
}

/** StormBPMN keeps the linked diagram as JSON in an attribute of its namespace; the text `null` without one. */
function linkedDiagramId(call: CallActivity): string | undefined {
  const [, link] = Object.entries(call.$attrs ?? {}).find(([name]) => name.endsWith(":StormUrl")) ?? [];
  if (typeof link !== "string") return undefined;
  try {
    const diagram: unknown = JSON.parse(link);
    if (typeof diagram !== "object" || diagram === null || !("id" in diagram)) return undefined;
    return typeof diagram.id === "string" ? diagram.id : undefined;
  } catch {
    return undefined; // not JSON: a link of another kind
  }
}
