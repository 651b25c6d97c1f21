/** `exchanger-sync checklists`: what there is to tick off in a diagram. */
import { z } from "zod";
import type { Checklist, ChecklistItem, ChecklistLink } from "../../bpmn/checklists/checklist.ts";
import { parseChecklists } from "../../bpmn/checklists/parse_checklists.ts";
import type { Drawing } from "../drawing.ts";
import { namesIn, recordsOf } from "../element_records.ts";
import type { Choose, CommandContext } from "./context.ts";
import { loadDrawing, modelOf } from "./drawing_source.ts";
import { type Source, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { counted } from "./table.ts";

const checklistsOptions = z.object({ ...commonOptions, assignees: z.string().optional() });

/** What an element has to tick off; of lists in Bitrix24, from which task. */
interface ListedElement {
  readonly elementId: string;
  readonly checklists: readonly (Checklist & { readonly link?: ChecklistLink })[];
  /** To tasks whose checklists nobody fetched. */
  readonly unfetched: readonly ChecklistLink[];
}

export function checklistsCommand(choose: Choose) {
  return subCommand({
    name: "checklists",
    summary: "Shows the checklists in the descriptions of a diagram's elements, and those of tasks they link to.",
    examples: [
      { command: "exchanger-sync checklists 6b547a8f-a78f-4375-b39e-59c4afd9388e", what: "of StormBPMN" },
      { command: "exchanger-sync checklists order.bpmn", what: "takes order_assignees.json beside it" },
      { command: "exchanger-sync checklists order.bpmn --json", what: "as the predecessor gave them" },
    ],
  })
    .argument("<file|id>", "a BPMN file, or a diagram's id or address in StormBPMN")
    .option("--assignees <file>", "records of StormBPMN as JSON (default for a file: <name>_assignees.json beside it)")
    .action((named, raw) => {
      const options = checklistsOptions.parse(raw);
      const source = sourceOf(z.string().parse(named));
      choose((context) => showChecklists(source, options, context));
    });
}

async function showChecklists(
  source: Source,
  { json, assignees }: z.infer<typeof checklistsOptions>,
  context: CommandContext,
): Promise<number> {
  const drawing = await loadDrawing(source, "checklists", context, assignees);
  const definitions = await modelOf(drawing);
  const elements = elementsOf(drawing);
  const names = namesIn(definitions, recordsOf(drawing));
  const listed = elements.filter(({ checklists }) => checklists.length > 0);
  if (json) {
    context.stdout(JSON.stringify(listed.map((element) => elementJson(element, names))));
  } else {
    for (const { elementId, checklists } of listed) {
      const name = names.get(elementId);
      context.stdout(name ? `«${name}» (${elementId})` : elementId);
      for (const list of checklists) context.stdout(linesOf(list).join("\n"));
    }
    const lists = listed.flatMap(({ checklists }) => checklists);
    const items = lists.reduce((sum, { items }) => sum + count(items), 0);
    const found = `${counted(lists.length, "checklist")} with ${counted(items, "item")}`;
    context.stdout(`${drawing.label}: ${found} on ${counted(listed.length, "element")}.`);
  }
  for (const { elementId, unfetched } of elements) {
    for (const { taskId, url } of unfetched) {
      context.stderr(
        `${elementId}: The checklists of Bitrix24 task ${taskId} (${url}) were not fetched: BITRIX_WEBHOOK_URL is not set.`,
      );
    }
  }
  return 0;
}

/** Of several descriptions of an element the first that has any checklist counts, as in a conversion. */
function elementsOf(drawing: Drawing): ListedElement[] {
  const listed = new Map<string, ListedElement>();
  for (const { elementId, description } of recordsOf(drawing)) {
    if (!description || listed.has(elementId)) continue;
    const found = parseChecklists(description);
    if (found.length === 0) continue;
    listed.set(elementId, {
      elementId,
      checklists: found.flatMap((one): ListedElement["checklists"] => {
        if (one.kind === "list") return [one];
        const linked = drawing.linkedChecklists.get(one.taskId) ?? [];
        return linked.map((list) => ({ ...list, link: one }));
      }),
      unfetched: found.flatMap((one) => one.kind === "link" && !drawing.linkedChecklists.has(one.taskId) ? [one] : []),
    });
  }
  return [...listed.values()];
}

/** The predecessor's shape; items under items, which it dropped, are added to it. */
function elementJson({ elementId, checklists }: ListedElement, names: ReadonlyMap<string, string>) {
  return {
    element_id: elementId,
    element_name: names.get(elementId) ?? "",
    checklists: checklists.map(({ name, items, link }) => ({
      title: name,
      items: items.map(itemJson),
      ...(link && { source_task_id: link.taskId, source_url: link.url }),
    })),
  };
}

interface ItemJson {
  readonly text: string;
  readonly is_complete: false;
  readonly items?: readonly ItemJson[];
}

function itemJson({ text, items }: ChecklistItem): ItemJson {
  return { text, is_complete: false, ...(items.length > 0 && { items: items.map(itemJson) }) };
}

function linesOf({ name, items, link }: ListedElement["checklists"][number]): string[] {
  const heading = link === undefined ? `  ${name}` : `  ${name} (Bitrix24 task ${link.taskId})`;
  return [heading, ...items.flatMap((item) => itemLines(item, 2))];
}

function itemLines({ text, items }: ChecklistItem, depth: number): string[] {
  return [`${"  ".repeat(depth)}☐ ${text}`, ...items.flatMap((item) => itemLines(item, depth + 1))];
}

function count(items: readonly ChecklistItem[]): number {
  return items.reduce((sum, { items }) => sum + 1 + count(items), 0);
}
