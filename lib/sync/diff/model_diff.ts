/** What the comparison of two BPMN files answers: plain data, as `exchanger-sync diff --json` prints it. */

/** An element as texts name it. */
export interface DiffedElement {
  readonly id: string;
  /** Without its prefix: `ServiceTask`. */
  readonly kind: string;
  /** In one line; absent without a name. */
  readonly name?: string;
  /** Id of the process that it lies in. */
  readonly process?: string;
}

/**
 * What of an element can differ. Those with a `detail` say of which one: `property` by its name, `attribute` and `extension`
 * by theirs.
 */
export type Aspect =
  | "attached to"
  | "attribute"
  | "called process"
  | "condition"
  | "data"
  | "decision"
  | "default flow"
  | "documentation"
  | "event"
  | "executable"
  | "extension"
  | "implementation"
  | "inside"
  | "interrupting"
  | "kind"
  | "lane"
  | "loop"
  | "message"
  | "name"
  | "process"
  | "property"
  | "script"
  | "source"
  | "target"
  | "text"
  | "topic";

/** One difference of one element; a side is absent where the element does not have it. */
export interface ElementChange {
  readonly aspect: Aspect;
  readonly detail?: string;
  readonly before?: string;
  readonly after?: string;
}

/** Named as it is now. */
export interface ChangedElement extends DiffedElement {
  readonly changes: readonly ElementChange[];
}

/** Lists are in the order of ids, so that the same two files give the same bytes. */
export interface ModelDiff {
  /** Nothing in the three lists. */
  readonly same: boolean;
  readonly added: readonly DiffedElement[];
  readonly removed: readonly DiffedElement[];
  readonly changed: readonly ChangedElement[];
}
