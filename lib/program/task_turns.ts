/**
 * Batches that are handled side by side must not handle one task twice at once: copies of it (a window that was published
 * again, a replay) can lie in both. Each batch takes its turn with all of its tasks.
 */
export class TaskTurns {
  /** The end of the last turn with a task. */
  readonly #ends = new Map<string, Promise<void>>();

  /** Resolves when nobody who asked before has any of these tasks; whoever asks later waits until the turn is disposed. */
  async take(taskIds: readonly string[]): Promise<Disposable> {
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const before = taskIds.flatMap((id) => this.#ends.get(id) ?? []);
    for (const id of taskIds) this.#ends.set(id, end);
    await Promise.all(before);
    return {
      [Symbol.dispose]: () => {
        for (const id of taskIds) if (this.#ends.get(id) === end) this.#ends.delete(id);
        resolve();
      },
    };
  }
}
