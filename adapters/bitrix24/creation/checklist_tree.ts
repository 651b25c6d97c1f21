/** Checklists of a task, as trees of any depth: out of a template, or out of the model's `checklists` property. */
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import { intOf, mapOf, parsedJson, rowsOf, textOf } from "../values.ts";

export interface ChecklistNode {
  readonly title: string;
  readonly complete: boolean;
  readonly important: boolean;
  /** User ids: who works on it (`A`) or watches it (`U`). */
  readonly members: readonly (readonly [userId: string, type: "A" | "U"])[];
  readonly children: readonly ChecklistNode[];
}

/** Items that say nothing of their place. */
const LOOSE_ITEMS = "Чек-лист";

interface Row {
  readonly id: string;
  readonly parentId: string;
  readonly level: number | undefined;
  readonly node: Omit<ChecklistNode, "children">;
}

/**
 * Rows `{item: {ID, TITLE, …}, tree: {parent_id, level}}`. Those of level 0 are checklists, though their `parent_id` is
 * their own id; a row without a tree, or with a parent that is not there, goes to a checklist of its own kind.
 */
export function templateChecklists(rows: readonly JsonObject[]): ChecklistNode[] {
  const all = rows.map(rowOf).filter(({ node }) => node.title !== "");
  const ids = new Set(all.map(({ id }) => id));
  const isRoot = ({ level, id, parentId }: Row) => level === 0 || (level !== undefined && parentId === id);
  const isLoose = (row: Row) => !isRoot(row) && (row.parentId === row.id || !ids.has(row.parentId));
  const seen = new Set<Row>();
  const withChildren = (row: Row): ChecklistNode => {
    seen.add(row);
    const children = all.filter((other) => !seen.has(other) && !isRoot(other) && other.parentId === row.id);
    return { ...row.node, children: children.map(withChildren) };
  };
  const groups = all.filter(isRoot).map(withChildren);
  // What is still unseen after its turn hangs below another; rows that hang below each other are taken where they stand.
  const loose = [...all.filter(isLoose), ...all].flatMap((row) => seen.has(row) ? [] : [withChildren(row)]);
  return [...groups, ...(loose.length > 0 ? [{ ...group(LOOSE_ITEMS), children: loose }] : [])]
    .filter(({ children }) => children.length > 0);
}

function rowOf(row: JsonObject): Row {
  const item = mapOf(row["item"]);
  const tree = mapOf(row["tree"]);
  const type = (value: Json | undefined) => textOf(mapOf(value)["TYPE"] ?? value) === "U" ? "U" : "A";
  return {
    id: textOf(item["ID"]),
    parentId: textOf(tree["parent_id"]),
    level: intOf(tree["level"]),
    node: {
      title: textOf(item["TITLE"]).trim(),
      complete: isYes(item["IS_COMPLETE"]),
      important: isYes(item["IS_IMPORTANT"]),
      members: Object.entries(mapOf(item["MEMBERS"])).map(([userId, value]) => [userId, type(value)] as const),
    },
  };
}

/** `[{"name": "…", "items": ["…", {"name": "…", "items": […]}]}]` as JSON text, the form that diagrams carry. */
export function modelChecklists(property: Json | undefined): ChecklistNode[] {
  const groups = rowsOf(typeof property === "string" ? parsedJson(property) : property).map(modelNode);
  return groups.filter(({ title, children }) => title !== "" && children.length > 0);
}

function modelNode(value: Json): ChecklistNode {
  if (!isJsonObject(value)) return group(textOf(value).trim());
  const children = rowsOf(value["items"]).map(modelNode).filter(({ title }) => title !== "");
  const title = textOf(value["name"] ?? value["title"] ?? value["text"]).trim();
  return { ...group(title), complete: isYes(value["complete"] ?? value["is_complete"]), children };
}

function group(title: string): ChecklistNode {
  return { title, complete: false, important: false, members: [], children: [] };
}

function isYes(value: Json | undefined): boolean {
  return /^(y|1|true)$/i.test(textOf(value));
}
