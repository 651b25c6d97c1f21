/** Universal lists: elements of information blocks, such as the organisations that a questionnaire lets one choose from. */

export interface ListElement {
  readonly listId: number;
  readonly id: number;
  readonly name: string;
}

export class UniversalLists {
  readonly #byList = new Map<number, Map<number, ListElement>>();

  put(listId: number, id: number, name: string): void {
    const elements = this.#byList.get(listId) ?? new Map<number, ListElement>();
    this.#byList.set(listId, elements.set(id, { listId, id, name }));
  }

  elements(listId: number): ListElement[] {
    return [...this.#byList.get(listId)?.values() ?? []];
  }

  get(listId: number, id: number): ListElement | undefined {
    return this.#byList.get(listId)?.get(id);
  }
}
