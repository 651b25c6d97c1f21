/**
 * All-or-nothing changes to the engine's memory: each write notes how to undo it. When a process cannot continue after a
 * completed task, Camunda rolls the whole transaction back and the task stays locked; so do we, at the cost of what changed.
 */
import type { ExternalTask } from "./runtime.ts";

export class Transaction {
  readonly #undo: (() => void)[] = [];
  /** Tasks whose place in the index must be looked at when the transaction is committed. */
  readonly touchedTasks = new Set<ExternalTask>();

  assign<T extends object>(target: T, change: Partial<T>): void {
    const before = { ...target };
    Object.assign(target, change);
    this.#undo.push(() => Object.assign(target, before));
  }

  put<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    map.set(key, value);
    this.#undo.push(() => before === undefined ? map.delete(key) : map.set(key, before));
  }

  drop<K, V>(map: Map<K, V>, key: K): void {
    const before = map.get(key);
    if (before === undefined) return;
    map.delete(key);
    this.#undo.push(() => map.set(key, before));
  }

  rollback(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}
