/** Camunda's reasons against a file, told with the names that people gave its elements. */
import { calledIn, oneLine } from "../../bpmn/convert/report.ts";
import type { Problem } from "../../bpmn/convert/result.ts";
import { lineOfId } from "../../bpmn/convert/source_text.ts";
import type { ModelElement } from "../../bpmn/model.ts";
import type { ParseFault } from "../../camunda/parse_faults.ts";

/** Lines are those of the file that was deployed. */
export function problemsOf(
  faults: readonly ParseFault[],
  xml: string,
  elements: ReadonlyMap<string, ModelElement>,
): Problem[] {
  return faults.map((fault) => problemOf(fault, xml, elements));
}

function problemOf(
  { message, line: toldLine, elementIds: [id, ...others] }: ParseFault,
  xml: string,
  elements: ReadonlyMap<string, ModelElement>,
): Problem {
  const text = oneLine(message);
  const line = toldLine ?? (id === undefined ? undefined : lineOfId(xml, id));
  const at = line === undefined ? {} : { line };
  if (id === undefined) return { reason: `Camunda refuses the file: ${text}`, ...at };
  const called = (other: string) => {
    const element = elements.get(other);
    return element === undefined ? other : calledIn(element);
  };
  const concerned = others.filter((other) => !text.includes(other)).map(called);
  const name = oneLine(elements.get(id)?.get("name"));
  return {
    reason: `${called(id)}: ${text}${concerned.length === 0 ? "" : ` (with ${concerned.join(", ")})`}`,
    elementId: id,
    ...(name !== "" && { elementName: name }),
    ...at,
  };
}
