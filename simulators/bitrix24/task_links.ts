/** Links between tasks, as the Gantt chart draws them (`task-dependence-add.md`). */
import { PortalError } from "./portal_error.ts";

export interface TaskLink {
  readonly from: number;
  readonly to: number;
  /** 0 start-start, 1 start-finish, 2 finish-start, 3 finish-finish. */
  readonly type: number;
}

export class TaskLinks {
  /** By the successor. */
  readonly #byTarget = new Map<number, readonly TaskLink[]>();

  /** @throws {PortalError} `ILLEGAL_NEW_LINK` when the two are linked already, `ACTION_NOT_ALLOWED` for a circle */
  add(link: TaskLink): void {
    const before = this.to(link.to);
    if (before.some(({ from }) => from === link.from)) {
      throw new PortalError("ILLEGAL_NEW_LINK", "Связь между задачами уже существует");
    }
    if (link.from === link.to || this.#leadsTo(link.to, link.from)) {
      throw new PortalError("ACTION_NOT_ALLOWED", "Невозможно добавить связь между задачами");
    }
    this.#byTarget.set(link.to, [...before, link]);
  }

  /** Those that a task waits for, oldest link first. */
  to(taskId: number): readonly TaskLink[] {
    return this.#byTarget.get(taskId) ?? [];
  }

  #leadsTo(from: number, to: number): boolean {
    return this.to(to).some((link) => link.from === from || this.#leadsTo(from, link.from));
  }
}
