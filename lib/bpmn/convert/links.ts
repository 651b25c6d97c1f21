/**
 * Link events jump within their scope, by name. Camunda looks names up in the whole file, so the same name in two scopes gets
 * different ones; a link that leads nowhere ends its path, as the drawing does.
 */
import { type Event, is, type LinkEventDefinition, type Scope } from "../model.ts";
import { type Conversion, nodesIn, scopesOf } from "./conversion.ts";
import { retype } from "./edit.ts";

interface Link {
  readonly event: Event;
  readonly definition: LinkEventDefinition;
}

export function settleLinks(conversion: Conversion): void {
  const taken = new Set<string>();
  for (const scope of scopesOf(conversion)) {
    const catches = Map.groupBy(linksIn(scope, "bpmn:IntermediateCatchEvent"), nameOf);
    const throws = Map.groupBy(linksIn(scope, "bpmn:IntermediateThrowEvent"), nameOf);
    for (const [drawn, [first, ...others]] of catches) {
      if (first === undefined) continue;
      for (const other of others) passOn(other, conversion, "Another link event of its name catches all jumps.");
      const name = taken.has(drawn) ? `${drawn} (${scope.id})` : drawn;
      taken.add(name);
      for (const { definition } of [first, ...throws.get(drawn) ?? []]) definition.name = name;
    }
    for (const [drawn, links] of throws) {
      if (catches.has(drawn)) continue;
      for (const link of links) {
        passOn(link, conversion, "No link event of its name catches the jump: the path ends here.");
      }
    }
  }
}

function linksIn(scope: Scope, type: "bpmn:IntermediateCatchEvent" | "bpmn:IntermediateThrowEvent"): Link[] {
  return nodesIn(scope).filter((node) => is(node, type)).flatMap((event) => {
    const definition = event.eventDefinitions.find((known) => is(known, "bpmn:LinkEventDefinition"));
    return is(definition, "bpmn:LinkEventDefinition") ? [{ event, definition }] : [];
  });
}

/** Drawing tools often leave the link itself without a name. */
function nameOf({ event, definition }: Link): string {
  return definition.name?.trim() || event.name?.trim() || (event.id ?? "");
}

function passOn({ event }: Link, conversion: Conversion, why: string): void {
  conversion.report.lost(event, why);
  const plain = is(event, "bpmn:IntermediateThrowEvent")
    ? event
    : retype(conversion, event, "bpmn:IntermediateThrowEvent");
  plain.eventDefinitions.splice(0);
}
