/**
 * Checklists of tasks: a tree of items, of which those at the root are the checklists themselves
 * (`task-checklist-item-add.md`).
 */

export interface ChecklistItem {
  readonly id: number;
  readonly taskId: number;
  /** 0 for a checklist. */
  readonly parentId: number;
  readonly createdBy: number;
  readonly title: string;
  readonly sortIndex: number;
  readonly complete: boolean;
  readonly important: boolean;
  readonly members: readonly ChecklistMember[];
  /** Who ticked or unticked it last, and when. */
  readonly toggled: { readonly by: number; readonly at: string } | undefined;
}

export interface ChecklistMember {
  readonly userId: number;
  /** Takes part, or watches. */
  readonly type: "A" | "U";
}

export interface NewChecklistItem {
  readonly title: string;
  /** An item of the same task; 0 and unknown ones make a new checklist. @default the first checklist, made if need be */
  readonly parentId?: number | undefined;
  /** @default behind its neighbours */
  readonly sortIndex?: number | undefined;
  readonly complete?: boolean;
  readonly important?: boolean;
  readonly members?: readonly ChecklistMember[];
  readonly createdBy: number;
}

/** What a portal calls a checklist that it had to make itself. */
const OWN_TITLE = "BX_CHECKLIST_1";
const FIRST_ID = 901;

export class Checklists {
  readonly #byId = new Map<number, ChecklistItem>();
  readonly #idsByTask = new Map<number, number[]>();

  add(taskId: number, item: NewChecklistItem): ChecklistItem {
    const { title, createdBy, complete = false, important = false, members = [] } = item;
    const parentId = this.#parentOf(taskId, item);
    const neighbours = this.of(taskId).filter((other) => other.parentId === parentId);
    const added: ChecklistItem = {
      id: FIRST_ID + this.#byId.size,
      taskId,
      parentId,
      createdBy,
      title,
      sortIndex: item.sortIndex ?? neighbours.length,
      complete,
      important,
      members,
      toggled: undefined,
    };
    this.#byId.set(added.id, added);
    this.#idsByTask.set(taskId, [...this.#idsByTask.get(taskId) ?? [], added.id]);
    return added;
  }

  #parentOf(taskId: number, { parentId, createdBy }: NewChecklistItem): number {
    if (parentId !== undefined) return this.get(parentId)?.taskId === taskId ? parentId : 0;
    const first = this.of(taskId).find((item) => item.parentId === 0);
    return (first ?? this.add(taskId, { title: OWN_TITLE, parentId: 0, createdBy })).id;
  }

  get(id: number): ChecklistItem | undefined {
    return this.#byId.get(id);
  }

  /** By id. */
  of(taskId: number): ChecklistItem[] {
    return (this.#idsByTask.get(taskId) ?? []).flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Whether there is such an item; one that is so already keeps who made it so. */
  toggle(id: number, complete: boolean, by: number, at: string): boolean {
    const item = this.#byId.get(id);
    if (item === undefined) return false;
    if (item.complete !== complete) this.#byId.set(id, { ...item, complete, toggled: { by, at } });
    return true;
  }
}
