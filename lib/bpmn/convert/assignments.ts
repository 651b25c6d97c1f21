/** Who does a task, its checklists, and whatever else travels with it as properties. */
import type { Checklist } from "../checklists/checklist.ts";
import { checklistProperty } from "../checklists/checklist_property.ts";
import { type DescribedChecklist, parseChecklists } from "../checklists/parse_checklists.ts";
import type { ServiceTaskLike } from "../model.ts";
import { allNodes, type Conversion } from "./conversion.ts";
import { isExternal } from "./implementation.ts";
import { setProperty } from "./properties.ts";

export function assignTasks(conversion: Conversion): void {
  for (const node of allNodes(conversion)) {
    if (!isExternal(node)) continue;
    assign(node, conversion);
    addChecklists(node, conversion);
    const { retries, properties = {} } = conversion.settings.of(node.id ?? "");
    if (retries !== undefined) setProperty(node, "retries", String(retries));
    for (const [name, value] of Object.entries(properties)) setProperty(node, name, value);
  }
}

/** Decided, else of the first record that names somebody. */
function assign(task: ServiceTaskLike, { settings, report }: Conversion): void {
  const records = settings.records(task.id ?? "").filter(({ assigneeId, assigneeName }) =>
    assigneeId || assigneeName?.trim()
  );
  const decided = settings.of(task.id ?? "").assignee;
  const own = settings.own(task.id ?? "").assignee;
  const [record] = records;
  const assignee: { readonly id?: string | undefined; readonly name?: string | undefined } | undefined = own ??
    (record === undefined ? decided : { id: record.assigneeId, name: record.assigneeName?.trim() });
  if (assignee?.name) setProperty(task, "assigneeName", assignee.name);
  if (assignee?.id) setProperty(task, "assigneeId", assignee.id);
  const others = new Set(records.map(({ assigneeId, assigneeName }) => assigneeId ?? assigneeName)).size - 1;
  if (own === undefined && others > 0) {
    report.lost(
      task,
      `It has ${others + 1} assignees; the first of them, ${record?.assigneeName ?? record?.assigneeId}, is taken.`,
    );
  }
}

/** Of the first description that has any. */
function addChecklists(task: ServiceTaskLike, conversion: Conversion): void {
  for (const { description } of conversion.settings.records(task.id ?? "")) {
    const described = description ? parseChecklists(description) : [];
    if (described.length === 0) continue;
    const checklists = described.flatMap((checklist) => resolved(checklist, task, conversion));
    if (checklists.length > 0) setProperty(task, "checklists", checklistProperty(checklists));
    return;
  }
}

function resolved(
  checklist: DescribedChecklist,
  task: ServiceTaskLike,
  { options, report }: Conversion,
): readonly Checklist[] {
  if (checklist.kind === "list") return [checklist];
  const linked = options.linkedChecklists?.get(checklist.taskId);
  if (linked === undefined) {
    report.lost(
      task,
      `The checklists of Bitrix24 task ${checklist.taskId}, which its description links to, were not fetched.`,
    );
  }
  return linked ?? [];
}
