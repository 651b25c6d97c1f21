/**
 * Text annotations become documentation of what they are attached to, else of their process or sub-process. Associations and
 * groups go; the association of a compensation event with its handler stays, because the engine reads it.
 */
import { type Association, type BaseElement, is, type TextAnnotation } from "../model.ts";
import { create } from "../moddle.ts";
import { type Conversion, processesOf, scopesOf } from "./conversion.ts";
import { remove } from "./edit.ts";
import { calledIn } from "./report.ts";

export function moveAnnotations(conversion: Conversion): void {
  const { definitions, report } = conversion;
  const [firstProcess] = processesOf(conversion);
  const places: [artifacts: readonly BaseElement[], owner: BaseElement | undefined][] = [
    ...scopesOf(conversion).map((scope) => [scope.artifacts, scope] as const),
    ...definitions.rootElements.flatMap((root) =>
      is(root, "bpmn:Collaboration") ? [[root.artifacts, firstProcess] as const] : []
    ),
  ].map(([artifacts, owner]) => [[...artifacts], owner]);
  for (const [artifacts, owner] of places) {
    for (const annotation of artifacts.filter((artifact) => is(artifact, "bpmn:TextAnnotation"))) {
      const found = subjectsOf(annotation, conversion);
      const subjects = found.length > 0 || owner === undefined ? found : [owner];
      document(annotation, subjects);
      report.mapped(annotation, `Its text is documentation of ${subjects.map(calledIn).join(", ")}.`);
    }
  }
  for (const artifact of places.flatMap(([artifacts]) => artifacts)) {
    if (is(artifact, "bpmn:Association") && isCompensation(artifact)) continue;
    if (is(artifact, "bpmn:Group")) report.leftOut(artifact, "A frame around elements has no effect.");
    remove(conversion, artifact);
  }
}

function isCompensation({ sourceRef, targetRef }: Association): boolean {
  return is(sourceRef, "bpmn:BoundaryEvent") && is(targetRef, "bpmn:Activity");
}

/** What associations, of any direction, connect an annotation with; a pool stands for its process. */
function subjectsOf(annotation: TextAnnotation, { references }: Conversion): BaseElement[] {
  return references.to(annotation).flatMap(({ owner }) => {
    if (!is(owner, "bpmn:Association")) return [];
    const end = owner.sourceRef === annotation ? owner.targetRef : owner.sourceRef;
    const subject = is(end, "bpmn:Participant") ? end.processRef : end;
    return is(subject, "bpmn:FlowElement") || is(subject, "bpmn:Process") ? [subject] : [];
  });
}

function document(annotation: TextAnnotation, subjects: readonly BaseElement[]): void {
  const text = annotation.text?.trim();
  if (!text) return;
  for (const subject of subjects) {
    if (subject.documentation.some((known) => known.text?.trim() === text)) continue;
    const documentation = create("bpmn:Documentation", { text });
    documentation.$parent = subject;
    subject.documentation.push(documentation);
  }
}
