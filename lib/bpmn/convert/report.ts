/** Collects what a conversion has to tell, while the passes do their work. */
import type { ModelElement } from "../model.ts";
import type { Problem, ReportEntry, ReportKind } from "./result.ts";

export class Report {
  readonly entries: ReportEntry[] = [];
  readonly problems: Problem[] = [];
  #rule = "";

  /** Entries from here on are of this pass. */
  begin(rule: string): void {
    this.#rule = rule;
  }

  mapped(element: ModelElement | undefined, reason: string): void {
    this.#add("mapped", element, reason);
  }

  lost(element: ModelElement | undefined, reason: string): void {
    this.#add("lost", element, reason);
  }

  leftOut(element: ModelElement | undefined, reason: string): void {
    this.#add("left_out", element, reason);
  }

  /** The diagram will be refused; passes go on, so that all faults are told at once. */
  refuse(element: ModelElement | undefined, reason: string, line?: number): void {
    const { elementId, elementName }: Partial<ElementFacts> = element === undefined ? {} : factsOf(element);
    this.problems.push({
      reason: element === undefined ? reason : `${calledIn(element)}: ${reason}`,
      ...(elementId !== undefined && { elementId }),
      ...(elementName !== undefined && { elementName }),
      ...(line !== undefined && { line }),
    });
  }

  #add(kind: ReportKind, element: ModelElement | undefined, reason: string): void {
    this.entries.push({ kind, rule: this.#rule, ...(element && factsOf(element)), reason });
  }
}

/** How texts name an element: `«Check papers» (Activity_1)`. */
export function calledIn(element: ModelElement): string {
  const { elementId, elementName, elementType } = factsOf(element);
  if (elementName !== undefined) return `«${elementName}» (${elementId ?? elementType})`;
  return elementId === undefined ? `a ${elementType}` : `${elementType} ${elementId}`;
}

/** One line, as names of elements may have several. */
export function oneLine(text: unknown): string {
  return typeof text === "string" ? text.replace(/\s+/g, " ").trim() : "";
}

type ElementFacts = Pick<ReportEntry, "elementId" | "elementName"> & { readonly elementType: string };

function factsOf(element: ModelElement): ElementFacts {
  const id = element.get("id");
  const name = oneLine(element.get("name"));
  return {
    ...(typeof id === "string" && { elementId: id }),
    ...(name !== "" && { elementName: name }),
    elementType: element.$type.slice(element.$type.indexOf(":") + 1),
  };
}
