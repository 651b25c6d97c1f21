/** Changes a task, deal, lead or company. A repeat ends the same. */
import { z } from "zod";
import type { Command, CommandResult } from "../../../lib/bitrix24/client.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import type { CreateOutcome } from "../../target_system.ts";
import { changed } from "./done_with_id.ts";
import type { Errand } from "./errand.ts";
import { failedCommand } from "./failed_command.ts";
import { isMultiField } from "./portal_values.ts";
import type { CrmEntity } from "./topics.ts";

export interface Change {
  readonly entity: CrmEntity | "task";
  readonly id: number;
  readonly fields: JsonObject;
  /** Of the call itself, such as REGISTER_HISTORY_EVENT. */
  readonly params: JsonObject;
}

export function changeOf(change: Change): Errand {
  const { entity, id, fields } = change;
  const multiFields = Object.keys(fields).filter((name) => isMultiField(entity, name));
  const done = changed(entity, String(id));
  const errand: Errand = {
    plan(answer) {
      if (answer === undefined) return commandFor(change, fields);
      const missing = missingIn(answer, change, multiFields);
      if ("outcome" in missing) return missing.outcome;
      return Object.keys(missing.fields).length === 0 ? done : commandFor(change, missing.fields);
    },
    conclude(result) {
      if (!result.ok) return failedCommand(result.error, entity, `Cannot update ${entity} ${id}`);
      if (result.result !== false) return done;
      return { kind: "retry", reason: `Bitrix24 did not confirm the change of ${entity} ${id}.` };
    },
  };
  // The portal adds what comes without an id of its own, so a repeat would add a phone number a second time.
  return multiFields.length === 0 ? errand : { ...errand, question: { method: `crm.${entity}.get`, params: { id } } };
}

function commandFor({ entity, id, params }: Change, fields: JsonObject): Command {
  if (entity === "task") return { method: "tasks.task.update", params: { taskId: id, fields } };
  const hasParams = Object.keys(params).length > 0;
  return { method: `crm.${entity}.update`, params: { id, fields, ...(hasParams && { params }) } };
}

const shownValues = z.array(z.looseObject({ VALUE: z.union([z.string(), z.number()]).transform(String) }));

/** The fields without the values of multi-fields that the object has already. */
function missingIn(
  answer: CommandResult,
  { entity, id, fields }: Change,
  multiFields: readonly string[],
): { readonly fields: JsonObject } | { readonly outcome: CreateOutcome } {
  if (!answer.ok) {
    const failed = failedCommand(answer.error, entity, `Cannot update ${entity} ${id}`);
    // Reading has changed nothing.
    return { outcome: failed.kind === "refused" ? failed : { kind: failed.kind, reason: failed.reason } };
  }
  const shown = answer.result;
  if (!isJsonObject(shown)) {
    return { outcome: { kind: "retry", reason: `Bitrix24 shows ${entity} ${id} as something else.` } };
  }
  const kept = Object.entries(fields).flatMap(([name, value]): [string, Json][] => {
    if (!multiFields.includes(name) || !Array.isArray(value)) return [[name, value]];
    const known = new Set(shownValues.safeParse(shown[name]).data?.map(({ VALUE }) => VALUE));
    const missing = value.filter((item) => !isJsonObject(item) || !known.has(String(item["VALUE"])));
    return missing.length === 0 ? [] : [[name, missing]];
  });
  return { fields: Object.fromEntries(kept) };
}
