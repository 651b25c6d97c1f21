/** Who refers to an element: needed to put another one in its place, or to take it away without leaving loose ends. */
import type { ModelElement } from "../model.ts";
import { type Reference, referencesOf } from "../moddle.ts";

export class References {
  readonly #to = new Map<ModelElement, Reference[]>();
  readonly #from = new Map<ModelElement, Reference[]>();

  constructor(elements: Iterable<ModelElement>) {
    for (const element of elements) this.add(element);
  }

  /** Takes in what an element refers to, and so knows about it from here on. */
  add(element: ModelElement): void {
    for (const [target, reference] of referencesOf(element)) this.#note(target, reference);
  }

  to(element: ModelElement): readonly Reference[] {
    return this.#to.get(element) ?? [];
  }

  /** Everything that referred to `old` refers to `element`; what `old` refers to is now referred to by `element`. */
  replace(old: ModelElement, element: ModelElement): void {
    const from = this.#from.get(old) ?? [];
    for (const reference of from) reference.owner = element;
    this.#from.delete(old);
    this.#from.set(element, from);
    const to = this.#to.get(old) ?? [];
    for (const { owner, property, isMany } of to) {
      const value = owner.get(property);
      if (isMany && Array.isArray(value)) value.splice(value.indexOf(old), 1, element);
      else owner.set(property, element);
    }
    this.#to.delete(old);
    this.#to.set(element, to);
  }

  /** Nothing refers to the element any more. */
  drop(element: ModelElement): void {
    for (const { owner, property, isMany } of this.#to.get(element) ?? []) {
      const value = owner.get(property);
      if (!isMany) {
        if (value === element) owner.set(property, undefined);
      } else if (Array.isArray(value) && value.includes(element)) value.splice(value.indexOf(element), 1);
    }
    this.#to.delete(element);
  }

  #note(target: ModelElement, reference: Reference): void {
    listIn(this.#to, target).push(reference);
    listIn(this.#from, reference.owner).push(reference);
  }
}

function listIn<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
