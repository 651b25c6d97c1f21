/** `exchanger-sync assignees`: who does what in a diagram. */
import { z } from "zod";
import type { AssigneeRecord } from "../../stormbpmn/assignee_record.ts";
import { namesIn, recordsOf } from "../element_records.ts";
import type { Choose, CommandContext } from "./context.ts";
import { loadDrawing, modelOf } from "./drawing_source.ts";
import { type Source, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { counted, table } from "./table.ts";

const assigneesOptions = z.object({ ...commonOptions, assignees: z.string().optional() });

export function assigneesCommand(choose: Choose) {
  return subCommand({
    name: "assignees",
    summary: "Shows who does which element of a diagram, and how many each of them does.",
    examples: [
      { command: "exchanger-sync assignees 6b547a8f-a78f-4375-b39e-59c4afd9388e", what: "of StormBPMN" },
      { command: "exchanger-sync assignees order.bpmn", what: "takes order_assignees.json beside it" },
      { command: "exchanger-sync assignees order.bpmn --json", what: "the records, as the predecessor gave them" },
    ],
  })
    .argument("<file|id>", "a BPMN file, or a diagram's id or address in StormBPMN")
    .option("--assignees <file>", "records of StormBPMN as JSON (default for a file: <name>_assignees.json beside it)")
    .action((named, raw) => {
      const options = assigneesOptions.parse(raw);
      const source = sourceOf(z.string().parse(named));
      choose((context) => showAssignees(source, options, context));
    });
}

async function showAssignees(
  source: Source,
  { json, assignees }: z.infer<typeof assigneesOptions>,
  context: CommandContext,
): Promise<number> {
  const drawing = await loadDrawing(source, "records", context, assignees);
  const definitions = await modelOf(drawing);
  const records = recordsOf(drawing);
  if (json) {
    context.stdout(JSON.stringify(records.map(recordJson)));
    return 0;
  }
  const names = namesIn(definitions, records);
  const assigned = records.filter(({ assigneeId, assigneeName }) => assigneeId !== undefined || assigneeName);
  const rows = assigned.map((record) => [
    record.elementId,
    record.assigneeType ?? "–",
    whoOf(record),
    names.get(record.elementId) || "–",
  ]);
  if (rows.length > 0) context.stdout(table([["ELEMENT", "TYPE", "ASSIGNEE", "NAME"], ...rows]));
  const people = assigned.filter(({ assigneeType }) => assigneeType === "HUMAN").length;
  context.stdout(
    `${drawing.label}: ${counted(assigned.length, "assignment")}, ${people} of people, ` +
      `${assigned.length - people} of systems or not said; ${counted(records.length, "record")} in all.`,
  );
  for (const [who, elements] of byAssignee(assigned)) context.stdout(`  ${who}: ${counted(elements, "element")}`);
  return 0;
}

/** The fields of the predecessor's file; its ids were numbers. */
function recordJson(record: AssigneeRecord) {
  const { assigneeEdgeId, assigneeId, ...rest } = record;
  return { ...rest, assigneeEdgeId: idJson(assigneeEdgeId), assigneeId: idJson(assigneeId) };
}

function idJson(id: string | undefined): string | number | undefined {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === id ? number : id;
}

function whoOf({ assigneeName, assigneeId }: AssigneeRecord): string {
  const name = assigneeName?.trim();
  if (!name) return assigneeId ?? "–";
  return assigneeId === undefined ? name : `${name} (${assigneeId})`;
}

/** Different elements of each, busiest first. */
function byAssignee(records: readonly AssigneeRecord[]): [who: string, elements: number][] {
  const groups = [...Map.groupBy(records, whoOf)];
  const counts = groups.map(([who, own]): [string, number] => [who, new Set(own.map((r) => r.elementId)).size]);
  return counts.sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
}
