/** Whether the webhook shows the tasks of other people too: what it does not show cannot be found again. */
import type { CommandResult } from "../../lib/bitrix24/client.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";

/** `answer` is that of `user.admin`. Administrators see everything; of others nothing tells before something is missing. */
export function checkView(answer: CommandResult | undefined): CheckResult {
  const name = "Bitrix24: view";
  if (answer?.ok !== true) {
    return { name, ok: true, detail: "the portal does not tell whether the webhook's user is an administrator" };
  }
  if (answer.result === true) {
    return { name, ok: true, detail: "the webhook's user is an administrator and sees all tasks" };
  }
  return {
    name,
    ok: false,
    detail: "the webhook's user is no administrator, so tasks between other people may be hidden from it",
    remedy: "Let an administrator make the webhook, or set BITRIX_SEES_ALL_TASKS=true if its user does see all tasks.",
  };
}
