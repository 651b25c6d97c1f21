/** What would change in Camunda if a converted file were deployed. */
import type { DeployedDefinition, Deployer } from "./deployment/deployer.ts";
import { diffModels } from "./diff/diff_models.ts";
import type { DiffedElement, ModelDiff } from "./diff/model_diff.ts";

export interface ComparedProcess {
  readonly key: string;
  /** The newest version in our tenant; absent when there is none. */
  readonly deployed?: DeployedDefinition;
}

export interface DeployedDiff extends ModelDiff {
  readonly processes: readonly ComparedProcess[];
}

/**
 * From what is deployed to the file. A process that is not deployed makes a difference, but its elements are not listed.
 * @param keys of the file's processes
 * @throws what reading from Camunda throws
 */
export async function diffWithDeployed(
  xml: string,
  keys: readonly string[],
  deployer: Pick<Deployer, "deployedXml">,
  signal: AbortSignal,
): Promise<DeployedDiff> {
  const processes: ComparedProcess[] = [];
  const keysByXml = new Map<string, Set<string>>();
  for (const key of keys) {
    const newest = await deployer.deployedXml(key, signal);
    processes.push({ key, ...(newest && { deployed: newest.definition }) });
    if (newest !== undefined) keysByXml.set(newest.xml, (keysByXml.get(newest.xml) ?? new Set()).add(key));
  }
  const diffs: ModelDiff[] = [];
  for (const [deployed, own] of keysByXml) {
    const diff = await diffModels(deployed, xml);
    // One file has them all: what it has besides is a difference, too.
    diffs.push(own.size === keys.length ? diff : about(own, diff));
  }
  const { added, removed, changed } = together(diffs);
  const isAllDeployed = processes.every(({ deployed }) => deployed !== undefined);
  const same = isAllDeployed && added.length + removed.length + changed.length === 0;
  return { same, added, removed, changed, processes };
}

/** Only what lies in these processes. */
function about(keys: ReadonlySet<string>, { added, removed, changed }: ModelDiff): ModelDiff {
  const isInside = ({ id, process }: DiffedElement) => keys.has(process ?? id);
  const inside = {
    added: added.filter(isInside),
    removed: removed.filter(isInside),
    changed: changed.filter(isInside),
  };
  return { same: inside.added.length + inside.removed.length + inside.changed.length === 0, ...inside };
}

function together(diffs: readonly ModelDiff[]) {
  const byId = (one: DiffedElement, other: DiffedElement) => one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
  return {
    added: diffs.flatMap(({ added }) => added).sort(byId),
    removed: diffs.flatMap(({ removed }) => removed).sort(byId),
    changed: diffs.flatMap(({ changed }) => changed).sort(byId),
  };
}
