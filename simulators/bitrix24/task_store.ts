/** The portal's tasks, found without a scan by id, by external task id and by being open: a portal has thousands. */
import type { Json } from "../../lib/messages/json.ts";
import { textOf } from "./php_values.ts";
import { KEY_FIELD } from "./portal_fields.ts";

/** By the names of REST requests: `TITLE`, `UF_ELEMENT_ID`. */
export type TaskFields = Readonly<Record<string, Json>>;

export interface PortalTask {
  readonly id: number;
  readonly fields: TaskFields;
}

/** The vendor's numbers. */
export const STATUS = {
  pending: "2",
  inProgress: "3",
  supposedlyCompleted: "4",
  completed: "5",
  deferred: "6",
  declined: "7",
} as const;

const CLOSED: ReadonlySet<string> = new Set([STATUS.completed, STATUS.declined]);
/** How many of the tasks closed last are remembered as such. */
const RECENT = 10;

export function isClosed({ fields }: PortalTask): boolean {
  return CLOSED.has(textOf(fields["STATUS"]));
}

export class TaskStore {
  readonly #tasks = new Map<number, PortalTask>();
  readonly #idsByKey = new Map<string, Set<number>>();
  readonly #openIds = new Set<number>();
  #recentlyClosed: readonly number[] = [];

  /** Oldest first. */
  all(): Iterable<PortalTask> {
    return this.#tasks.values();
  }

  get(id: number): PortalTask | undefined {
    return this.#tasks.get(id);
  }

  /** The tasks with these ids, each once; ids of no task are left out. */
  withIds(ids: Iterable<number>): PortalTask[] {
    return [...new Set(ids)].flatMap((id) => this.#tasks.get(id) ?? []);
  }

  withKeys(keys: Iterable<string>): PortalTask[] {
    return this.withIds([...keys].flatMap((key) => [...this.#idsByKey.get(key) ?? []]));
  }

  /** Oldest first. */
  open(): PortalTask[] {
    return this.withIds(this.#openIds).sort((a, b) => a.id - b.id);
  }

  /** The last ten, latest first. */
  recentlyClosed(): PortalTask[] {
    return this.withIds(this.#recentlyClosed);
  }

  /** Adds the task, or replaces the one with its id. */
  put(task: PortalTask): void {
    const { id } = task;
    const before = this.#tasks.get(id);
    this.#tasks.set(id, task);
    this.#forgetKey(before);
    const key = textOf(task.fields[KEY_FIELD]);
    if (key !== "") this.#idsByKey.set(key, (this.#idsByKey.get(key) ?? new Set()).add(id));
    if (isClosed(task)) {
      if (this.#openIds.delete(id)) this.#recentlyClosed = [id, ...this.#closedBefore(id)].slice(0, RECENT);
    } else {
      this.#openIds.add(id);
      this.#recentlyClosed = this.#closedBefore(id);
    }
  }

  delete(id: number): boolean {
    this.#forgetKey(this.#tasks.get(id));
    this.#openIds.delete(id);
    this.#recentlyClosed = this.#closedBefore(id);
    return this.#tasks.delete(id);
  }

  #closedBefore(id: number): readonly number[] {
    return this.#recentlyClosed.filter((other) => other !== id);
  }

  #forgetKey(task: PortalTask | undefined): void {
    if (task === undefined) return;
    const key = textOf(task.fields[KEY_FIELD]);
    const ids = this.#idsByKey.get(key);
    ids?.delete(task.id);
    if (ids?.size === 0) this.#idsByKey.delete(key);
  }
}
