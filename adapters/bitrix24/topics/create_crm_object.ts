/** Makes a deal, lead, contact or company, or finds the one that an earlier attempt made. */
import { z } from "zod";
import type { CommandResult } from "../../../lib/bitrix24/client.ts";
import type { JsonObject } from "../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import type { CreateOutcome } from "../../target_system.ts";
import { createdWithId } from "./done_with_id.ts";
import type { Errand } from "./errand.ts";
import { failedCommand } from "./failed_command.ts";
import type { CrmEntity } from "./topics.ts";

/** Who made an object, in its `ORIGINATOR_ID`; `ORIGIN_ID` holds the external task id. Both are the vendor's own fields. */
export const ORIGINATOR = "exchanger";

const id = z.union([z.string().regex(/^[1-9]\d*$/), z.number().int().positive()]).transform(String);
const mark = z.union([z.string(), z.number()]).nullish().transform((value) => value?.toString());
const rows = z.array(z.looseObject({ ID: id, ORIGINATOR_ID: mark, ORIGIN_ID: mark }));

/** What is sent with `crm.<entity>.add`. */
export interface CrmObject {
  readonly entity: CrmEntity;
  readonly fields: JsonObject;
  /** Of the call itself, such as REGISTER_SONET_EVENT. */
  readonly params: JsonObject;
}

export function creationOf(task: TaskMessage, { entity, fields, params }: CrmObject, log: Log): Errand {
  const key = { ORIGINATOR_ID: ORIGINATOR, ORIGIN_ID: task.task_id };
  return {
    question: {
      method: `crm.${entity}.list`,
      params: { order: { ID: "ASC" }, filter: key, select: ["ID", "ORIGINATOR_ID", "ORIGIN_ID"], start: -1 },
    },
    plan(answer) {
      const found = foundIn(answer, entity, task.task_id);
      if ("outcome" in found) return found.outcome;
      const [oldest, ...others] = found.ids;
      if (oldest === undefined) {
        const hasParams = Object.keys(params).length > 0;
        const given = { fields: { ...fields, ...key }, ...(hasParams && { params }) };
        return { method: `crm.${entity}.add`, params: given };
      }
      if (others.length > 0) {
        const message = `Bitrix24 has several objects (${entity}) for one external task; the oldest counts`;
        log.warn("bitrix24.duplicates", message, { taskId: task.task_id, used: oldest, others: others.join(", ") });
      }
      return createdWithId(task, entity, oldest);
    },
    conclude(result) {
      if (!result.ok) return failedCommand(result.error, entity, `Cannot create the ${entity}`);
      const added = id.safeParse(result.result).data;
      if (added !== undefined) return createdWithId(task, entity, added);
      return {
        kind: "retry",
        reason: `Bitrix24 answered the creation of a ${entity} without its id.`,
        ambiguous: true,
      };
    },
  };
}

type Found = { readonly ids: readonly string[] } | { readonly outcome: CreateOutcome };

/** Only a readable answer without a row says that there is no such object. */
function foundIn(answer: CommandResult | undefined, entity: CrmEntity, taskId: string): Found {
  if (answer?.ok === false) {
    const failed = failedCommand(answer.error, entity, `Cannot look for the ${entity}`);
    // Nothing was changed by looking, and a search that is refused says nothing of what it was for.
    return { outcome: { kind: failed.kind === "down" ? "down" : "retry", reason: failed.reason } };
  }
  const found = rows.safeParse(answer?.result).data;
  if (found === undefined) {
    return { outcome: { kind: "retry", reason: `Bitrix24 answered a search for a ${entity} with something else.` } };
  }
  if (found.some(({ ORIGINATOR_ID, ORIGIN_ID }) => ORIGINATOR_ID !== ORIGINATOR || ORIGIN_ID !== taskId)) {
    const reason = `Bitrix24 ignored the filter by ORIGIN_ID: it cannot tell whether there is a ${entity} already.`;
    return { outcome: { kind: "down", reason } };
  }
  return { ids: found.map(({ ID }) => ID).toSorted((a, b) => Number(a) - Number(b)) };
}
