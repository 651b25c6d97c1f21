/** Comments on tasks. */
import type { Attachment } from "./disk.ts";

export interface TaskComment {
  readonly id: number;
  readonly taskId: number;
  readonly authorId: number;
  readonly text: string;
  readonly postedAt: string;
  readonly attachments: readonly Attachment[];
}

const FIRST_ID = 3001;

export class TaskComments {
  readonly #byId = new Map<number, TaskComment>();
  readonly #idsByTask = new Map<number, number[]>();

  /** The id that the next comment gets. */
  get nextId(): number {
    return FIRST_ID + this.#byId.size;
  }

  add(comment: Omit<TaskComment, "id">): TaskComment {
    const added = { id: this.nextId, ...comment };
    this.#byId.set(added.id, added);
    this.#idsByTask.set(comment.taskId, [...this.#idsByTask.get(comment.taskId) ?? [], added.id]);
    return added;
  }

  get(id: number): TaskComment | undefined {
    return this.#byId.get(id);
  }

  /** Oldest first. */
  of(taskId: number): TaskComment[] {
    return (this.#idsByTask.get(taskId) ?? []).flatMap((id) => this.#byId.get(id) ?? []);
  }
}
