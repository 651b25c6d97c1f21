/** What follows for a task from a command of these topics that failed. */
import type { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { failedAddition, type FailedOutcome } from "../failed_addition.ts";
import type { CrmEntity } from "./topics.ts";

/**
 * As `failedAddition`, save that a right for the CRM which the webhook lacks concerns these topics only: the portal is not
 * down, and tasks for people must not wait until somebody grants it.
 * @param doing what was tried, for the reason: `Cannot update deal 7`
 */
export function failedCommand(error: Bitrix24Error, entity: CrmEntity | "task", doing: string): FailedOutcome {
  const reason = `${doing}: ${error.message}`;
  if (entity !== "task" && lacksRight(error)) {
    const remedy = "Give the webhook the right crm, and its user the rights to read, add and change these objects.";
    return { kind: "retry", reason: `${reason} ${remedy}` };
  }
  const outcome = failedAddition(error);
  if (outcome.kind !== "refused") return { ...outcome, reason };
  return { kind: "refused", code: outcome.code || (isMissing(error) ? "NOT_FOUND" : "REJECTED"), reason };
}

/** Errors of the CRM have no code, only a text, and that in English (`crm-deal-update.md`). */
function lacksRight({ code, message }: Bitrix24Error): boolean {
  return code === "insufficient_scope" || code === "ERROR_METHOD_NOT_FOUND" ||
    (code === "" && /access denied/i.test(message));
}

function isMissing({ failure, message }: Bitrix24Error): boolean {
  return failure === "not_found" || /not found/i.test(message);
}
