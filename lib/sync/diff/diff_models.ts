/**
 * What differs between two BPMN files for whoever runs the process. Order, layout, prefixes, white space, ids that nobody
 * refers to, defaults that are written out, and which drawing the file was made of make no difference.
 */
import { readBpmn } from "../read_bpmn.ts";
import { type ElementFacts, type Fact, factsOf } from "./element_facts.ts";
import type { ChangedElement, DiffedElement, ElementChange, ModelDiff } from "./model_diff.ts";

/** @throws {Error} one of the files is not BPMN; it says which, and why */
export async function diffModels(before: string, after: string): Promise<ModelDiff> {
  const old = factsOf(await readBpmn(before, "The first file cannot be compared"));
  const current = factsOf(await readBpmn(after, "The second file cannot be compared"));
  const added = [...current.values()].filter(({ element }) => !old.has(element.id)).map(({ element }) => element);
  const removed = [...old.values()].filter(({ element }) => !current.has(element.id)).map(({ element }) => element);
  const changed = [...current.values()].flatMap((facts) => changedFrom(old.get(facts.element.id), facts));
  return {
    same: added.length + removed.length + changed.length === 0,
    added: added.sort(byId),
    removed: removed.sort(byId),
    changed: changed.sort(byId),
  };
}

function changedFrom(before: ElementFacts | undefined, after: ElementFacts): ChangedElement[] {
  if (before === undefined) return [];
  const keys = [...new Set([...before.facts.keys(), ...after.facts.keys()])].sort();
  const changes = keys.flatMap((key) => changeOf(before.facts.get(key), after.facts.get(key)));
  return changes.length === 0 ? [] : [{ ...after.element, changes }];
}

function changeOf(before: Fact | undefined, after: Fact | undefined): ElementChange[] {
  const fact = after ?? before;
  if (fact === undefined || before?.compared === after?.compared) return [];
  const { aspect, detail } = fact;
  return [{
    aspect,
    ...(detail !== undefined && { detail }),
    ...(before && { before: before.shown }),
    ...(after && { after: after.shown }),
  }];
}

function byId(one: DiffedElement, other: DiffedElement): number {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}
