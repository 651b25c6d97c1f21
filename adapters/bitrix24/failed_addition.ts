/** What follows for a task from a command of its own that failed. */
import type { Bitrix24Error } from "../../lib/bitrix24/bitrix24_error.ts";
import type { CreateOutcome } from "../target_system.ts";

export type FailedOutcome = Extract<CreateOutcome, { readonly kind: "retry" | "down" | "refused" }>;

/** `ambiguous`: the command may have taken effect all the same, so nothing is done again before it has been looked for. */
export function failedAddition(error: Bitrix24Error): FailedOutcome {
  const { failure, code, message: reason, ambiguous } = error;
  switch (failure) {
    case "limited":
    case "unavailable":
    case "denied":
      return { kind: "down", reason, ambiguous };
    case "fault":
      return { kind: "retry", reason, ambiguous };
    case "not_found":
    case "rejected":
      // The predecessor's name for an assignee that the portal does not know.
      return { kind: "refused", code: /Исполнитель|Ответственный/.test(reason) ? "ASSIGNEE_ID_ERROR" : code, reason };
  }
}
