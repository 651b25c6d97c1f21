/** Who refers to an element: needed to put another one in its place, or to take it away without leaving loose ends. */
import type { ModelElement } from "../model.ts";
import { type Mention, mentionsBy } from "../moddle.ts";

export class References {
  readonly #to = new Map<ModelElement, Mention[]>();

  constructor(mentions: Iterable<Mention>) {
    for (const mention of mentions) {
      const known = this.#to.get(mention.target);
      if (known === undefined) this.#to.set(mention.target, [mention]);
      else known.push(mention);
    }
  }

  to(element: ModelElement): readonly Mention[] {
    return this.#to.get(element) ?? [];
  }

  /** Everything that referred to `old` refers to `element`; what `old` refers to is now referred to by `element`. */
  replace(old: ModelElement, element: ModelElement): void {
    for (const { target } of mentionsBy(old)) {
      for (const mention of this.to(target)) if (mention.owner === old) mention.owner = element;
    }
    const to = this.to(old);
    for (const { owner, property } of to) {
      const value = owner.get(property);
      if (Array.isArray(value)) value.splice(value.indexOf(old), 1, element);
      else owner.set(property, element);
    }
    this.#to.delete(old);
    this.#to.set(element, [...to]);
  }

  /** Nothing refers to the element any more. */
  drop(element: ModelElement): void {
    for (const { owner, property } of this.to(element)) {
      const value = owner.get(property);
      if (value === element) owner.set(property, undefined);
      else if (Array.isArray(value) && value.includes(element)) value.splice(value.indexOf(element), 1);
    }
    this.#to.delete(element);
  }
}
