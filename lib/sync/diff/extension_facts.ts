/** What `extensionElements` say: `camunda:property` one by one, anything else as a whole, by its kind. */
import { type BaseElement, is, type ModelElement } from "../../bpmn/model.ts";
import { oneLine } from "../../bpmn/convert/report.ts";
import { canonical, expanded, lines, type Namespaces } from "./canonical.ts";
import type { Fact } from "./element_facts.ts";

/** Which drawing a process was made of changes with each conversion and nothing in what it does. */
const DRAWING: ReadonlySet<string> = new Set(["stormDiagramId", "stormUpdatedOn", "stormVersion"]);

export function* extensionFacts({ extensionElements }: BaseElement, namespaces: Namespaces): Iterable<Fact> {
  const values = extensionElements?.values ?? [];
  for (const properties of values.filter((value) => is(value, "camunda:Properties"))) {
    for (const { name = "", value = "" } of properties.values) {
      if (DRAWING.has(name)) continue;
      yield { aspect: "property", detail: name, compared: lines(value), shown: oneLine(value) };
    }
  }
  const others = values.filter((value) => !is(value, "camunda:Properties") && !isDrawingBlock(value, namespaces));
  for (const [kind, same] of Map.groupBy(others, ({ $type }) => $type)) {
    const compared = canonical(same, namespaces);
    yield { aspect: "extension", detail: kind, compared, shown: oneLine(compared) };
  }
}

/** Metadata of the drawing that the predecessor put into processes. */
function isDrawingBlock({ $type }: ModelElement, namespaces: Namespaces): boolean {
  return expanded($type, namespaces) === "{http://eg-holding.ru/bpmn/custom}diagram";
}
