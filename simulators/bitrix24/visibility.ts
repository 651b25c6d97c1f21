/**
 * What the webhook's user sees: everything as an administrator, else the tasks they take part in. What was hidden from
 * them is as good as absent: a portal answers alike for both (`tasks-task-get.md`).
 */
import { textOf, textsOf } from "./php_values.ts";
import type { PortalTask } from "./task_store.ts";

/** The webhook's user, as in its URL. */
export const WEBHOOK_USER = "1";

export class Visibility {
  readonly #hidden = new Set<number>();

  constructor(readonly admin: boolean) {}

  hide(taskId: number): void {
    this.#hidden.add(taskId);
  }

  show(taskId: number): void {
    this.#hidden.delete(taskId);
  }

  sees({ id, fields }: PortalTask): boolean {
    if (this.#hidden.has(id)) return false;
    if (this.admin) return true;
    return textOf(fields["CREATED_BY"]) === WEBHOOK_USER ||
      textOf(fields["RESPONSIBLE_ID"]) === WEBHOOK_USER ||
      textsOf(fields["ACCOMPLICES"]).includes(WEBHOOK_USER) ||
      textsOf(fields["AUDITORS"]).includes(WEBHOOK_USER);
  }
}
