/** A list of things to tick off, as analysts write it into the description of an element. */
export interface Checklist {
  readonly name: string;
  readonly items: readonly ChecklistItem[];
}

export interface ChecklistItem {
  readonly text: string;
  readonly items: readonly ChecklistItem[];
}

/** A description may name a task in Bitrix24 whose checklists are meant. */
export interface ChecklistLink {
  readonly url: string;
  readonly taskId: string;
}
