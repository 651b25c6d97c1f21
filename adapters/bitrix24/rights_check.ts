/** Which rights the webhook has, of those that the adapter can use. */
import { z } from "zod";
import type { CommandResult } from "../../lib/bitrix24/client.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";

export const RIGHTS_QUESTION = { method: "scope", params: {} };

/** What is lost without a right; without `task` everything. */
const USES: ReadonlyMap<string, string> = new Map([
  ["user", "names of people are not shown, dismissed ones not noticed"],
  ["disk", "files of results are not attached to the tasks after"],
  ["lists", "names of list elements are not shown"],
  ["crm", "topics for deals, leads, contacts and companies are refused"],
]);

/** A wider right of the vendor's includes these. */
const INCLUDED: ReadonlyMap<string, readonly string[]> = new Map([
  ["task", ["tasks"]],
  ["user", ["user_basic", "user_brief"]],
]);

/** `answer` is that to {@link RIGHTS_QUESTION}. */
export function checkRights(answer: CommandResult | undefined): CheckResult {
  const name = "Bitrix24: rights";
  const granted = z.array(z.string()).safeParse(answer?.ok === true ? answer.result : undefined).data;
  if (granted === undefined) return { name, ok: true, detail: "the portal does not tell which rights the webhook has" };
  const has = (right: string) => [right, ...INCLUDED.get(right) ?? []].some((name) => granted.includes(name));
  if (!has("task")) {
    return {
      name,
      ok: false,
      detail: "the webhook lacks the right task",
      remedy: "Give the webhook the right for tasks.",
    };
  }
  const lacking = [...USES].filter(([right]) => !has(right)).map(([right, loss]) => `without ${right} ${loss}`);
  return { name, ok: true, detail: lacking.length === 0 ? "the webhook has all it can use" : lacking.join("; ") };
}
