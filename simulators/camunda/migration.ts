/** Migration plans, and moving an instance along one: activities keep what they have, tasks their locks and topics. */
import type { Body, EventSubProcess, FlowNode } from "./process_graph.ts";
import type { ProcessDefinition, ProcessInstance, Scope } from "./runtime.ts";
import type { Transaction } from "./transaction.ts";

export interface MigrationInstruction {
  readonly sourceActivityIds: readonly string[];
  readonly targetActivityIds: readonly string[];
  readonly updateEventTrigger: boolean;
}

/** What can hold a token, by id. */
const mappable = new Set<FlowNode["behavior"]["kind"]>([
  ...["external", "wait", "eventGateway", "inclusive", "parallel", "subProcess"] as const,
]);

/** Activities of the same id and kind, in the same sub-process. */
export function generateInstructions(source: ProcessDefinition, target: ProcessDefinition): MigrationInstruction[] {
  const targets = nodesIn(target.model.body);
  return [...nodesIn(source.model.body)].filter(([id, found]) => {
    const other = targets.get(id);
    return mappable.has(found.node.behavior.kind) && other !== undefined && other.path === found.path &&
      areOfOneKind(found.node, other.node);
  }).map(([id]) => ({ sourceActivityIds: [id], targetActivityIds: [id], updateEventTrigger: false }));
}

/** Why one activity cannot become the other; the engine also names the two types. */
export function instructionFaults(
  { source, target }: { readonly source: ProcessDefinition; readonly target: ProcessDefinition },
  { sourceActivityIds: [from = ""], targetActivityIds: [to = ""] }: MigrationInstruction,
): string[] {
  const [node, other] = [nodesIn(source.model.body).get(from)?.node, nodesIn(target.model.body).get(to)?.node];
  if (node === undefined) return [`Source activity '${from}' does not exist`];
  if (other === undefined) return [`Target activity '${to}' does not exist`];
  return areOfOneKind(node, other) ? [] : ["Activities have incompatible types"];
}

function areOfOneKind(one: FlowNode, other: FlowNode): boolean {
  const sameLoop = (one.multiInstance === null) === (other.multiInstance === null);
  return one.behavior.kind === other.behavior.kind && sameLoop;
}

/** Why this instance cannot move: each activity instance for which the plan says nothing. */
export function instanceFaults(instance: ProcessInstance, instructions: readonly MigrationInstruction[]): string[] {
  const mapped = new Set(instructions.flatMap(({ sourceActivityIds }) => sourceActivityIds));
  return [...scopesIn(instance.root)].flatMap((scope) => {
    const standing = [...scope.node === null ? [] : [scope.node.id], ...scope.joins.keys()];
    return standing.some((id) => !mapped.has(id)) ? [scope.activityInstanceId] : [];
  });
}

/** Only after {@link instanceFaults} found none. */
export function migrateInstance(
  instance: ProcessInstance,
  target: ProcessDefinition,
  instructions: readonly MigrationInstruction[],
  tx: Transaction,
): void {
  const targets = nodesIn(target.model.body);
  const successor = ({ id }: FlowNode): FlowNode => {
    const instruction = instructions.find(({ sourceActivityIds }) => sourceActivityIds.includes(id));
    const found = targets.get(instruction?.targetActivityIds[0] ?? "")?.node;
    if (found === undefined) throw new Error(`${id} is not mapped`);
    return found;
  };
  for (const scope of scopesIn(instance.root)) {
    const { node, eventSubProcess } = scope;
    if (node === null) continue;
    const next = successor(node);
    tx.assign(scope, {
      node: next,
      eventSubProcess: eventSubProcess && (eventSubProcessesIn(target.model.body).get(next) ?? null),
    });
  }
  for (const task of instance.tasks.values()) {
    tx.assign(task, { node: successor(task.node) });
    tx.touchedTasks.add(task);
  }
  tx.assign(instance, { definition: target });
}

interface PlacedNode {
  readonly node: FlowNode;
  /** The sub-processes around it. */
  readonly path: string;
}

function nodesIn(body: Body, path = "", found = new Map<string, PlacedNode>()): Map<string, PlacedNode> {
  for (const node of body.nodes.values()) {
    found.set(node.id, { node, path });
    if (node.behavior.kind === "subProcess") nodesIn(node.behavior.body, `${path}/${node.id}`, found);
  }
  return found;
}

function eventSubProcessesIn(body: Body): Map<FlowNode, EventSubProcess> {
  const inner = [...body.nodes.values()].flatMap(({ behavior }) =>
    behavior.kind === "subProcess" ? [...eventSubProcessesIn(behavior.body)] : []
  );
  return new Map([...body.eventSubProcesses.map((one): [FlowNode, EventSubProcess] => [one.node, one]), ...inner]);
}

function* scopesIn(scope: Scope): Generator<Scope> {
  yield scope;
  for (const child of scope.children.values()) yield* scopesIn(child);
}
