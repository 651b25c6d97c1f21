/** Results of tasks: comments that somebody marked as such (`tasks-task-result-list.md`). */

export interface TaskResult {
  readonly id: number;
  readonly taskId: number;
  /** 0 in the new task card, which keeps no comments. */
  readonly commentId: number;
  readonly createdBy: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Completing the task closes its results for good; reopening it does not open them. */
  readonly closed: boolean;
  readonly text: string;
  /** Ids of attachments. */
  readonly files: readonly number[];
}

const FIRST_ID = 701;

export class TaskResults {
  readonly #byTask = new Map<number, readonly TaskResult[]>();
  #nextId = FIRST_ID;

  /** The id that the next result gets. */
  get nextId(): number {
    return this.#nextId;
  }

  add(result: Omit<TaskResult, "id" | "closed">): TaskResult {
    const added = { id: this.#nextId++, closed: false, ...result };
    this.#byTask.set(result.taskId, [added, ...this.of(result.taskId)]);
    return added;
  }

  /** Latest first. */
  of(taskId: number): readonly TaskResult[] {
    return this.#byTask.get(taskId) ?? [];
  }

  hasOpen(taskId: number): boolean {
    return this.of(taskId).some(({ closed }) => !closed);
  }

  close(taskId: number): void {
    const results = this.of(taskId);
    if (results.length > 0) this.#byTask.set(taskId, results.map((result) => ({ ...result, closed: true })));
  }
}
