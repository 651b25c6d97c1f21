/**
 * The topics that ask nobody: deals, leads, contacts and companies are made or changed, tasks are changed, and the process
 * moves on at once with the id of what was made.
 */
import type { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import type { Json, JsonObject } from "../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import type { CreateOutcome } from "../../target_system.ts";
import { Refusal } from "../refusal.ts";
import { KEY_FIELD } from "../find_tasks.ts";
import { changeOf } from "./change_object.ts";
import { creationOf } from "./create_crm_object.ts";
import { type Errand, runErrands, settledErrand } from "./errand.ts";
import { modelledFields } from "./modelled_fields.ts";
import { namedObject } from "./named_object.ts";
import { portalValue } from "./portal_values.ts";
import { actionOf, knownBitrixTopics, type TopicAction } from "./topics.ts";

export interface OtherTopicsOptions {
  /** Most changes with one request. BITRIX_CREATE_BATCH. */
  readonly createBatch: number;
  /** Of dates that name none. BITRIX_TIME_ZONE. */
  readonly timeZone: string;
}

export interface OtherTopicsDeps {
  readonly client: Pick<Bitrix24Client, "runAll">;
  readonly log: Log;
}

/**
 * One outcome per task, in order: `done` with `bitrix_<entity>_id` and `<activity>_id` for what was made, `refused` for a topic
 * that nobody knows (UNKNOWN_TOPIC). 120 tasks cost up to six requests. Never throws.
 */
export async function handleOtherTopics(
  tasks: readonly TaskMessage[],
  options: OtherTopicsOptions,
  { client, log }: OtherTopicsDeps,
  signal: AbortSignal,
): Promise<CreateOutcome[]> {
  const errands = tasks.map((task) => errandOf(task, options, log));
  return await runErrands(errands, client, options.createBatch, signal);
}

function errandOf(task: TaskMessage, { timeZone }: OtherTopicsOptions, log: Log): Errand {
  const action = actionOf(task.topic);
  if (action === undefined) {
    const reason = `Nothing is known to do in Bitrix24 for the topic ${task.topic}. Known topics: ` +
      `${knownBitrixTopics.join(", ")}.`;
    return settledErrand({ kind: "refused", code: "UNKNOWN_TOPIC", reason });
  }
  try {
    const given = givenFields(task, action, timeZone);
    return action.kind === "create"
      ? creationOf(task, { ...given, entity: action.entity }, log)
      : changeOf({ ...given, entity: action.entity, id: namedObject(task, action.entity) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return settledErrand({ kind: "refused", code: error.code, reason: error.message });
  }
}

/** Parameters of the vendor's CRM methods that are no fields of the object. */
const METHOD_PARAMS: ReadonlySet<string> = new Set(["REGISTER_SONET_EVENT", "REGISTER_HISTORY_EVENT", "IMPORT"]);
/** What names an object; a model that set it would make two external tasks share one, or one task have two. */
const KEYS: ReadonlySet<string> = new Set(["ORIGINATOR_ID", "ORIGIN_ID", KEY_FIELD]);

/** @throws {Refusal} */
function givenFields(task: TaskMessage, action: TopicAction, timeZone: string) {
  const { kind, entity } = action;
  const given: { readonly fields: Record<string, Json>; readonly params: Record<string, Json> } = {
    fields: {},
    params: {},
  };
  for (const [name, value] of modelledFields(task)) {
    if (KEYS.has(name)) {
      throw new Refusal("RESERVED_FIELD", `${name} is set by Exchanger: by it the object is found again.`);
    }
    // What empties the field of an object says nothing of an object that does not exist yet.
    if (name === "ID" || (kind === "create" && isEmpty(value))) continue;
    const part = entity !== "task" && METHOD_PARAMS.has(name) ? given.params : given.fields;
    part[name] = portalValue(entity, name, value, timeZone);
  }
  checkFields(task, action, given.fields);
  return given;
}

function isEmpty(value: Json): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

/** @throws {Refusal} */
function checkFields(task: TaskMessage, { kind, entity }: TopicAction, fields: JsonObject): void {
  if (Object.keys(fields).length === 0) {
    const cause = task.metadata["activityInfo"] === undefined
      ? "The message came without what the model says of the task; raise the task's retries to have it sent again."
      : "Name input parameters of the task like the fields of Bitrix24, such as TITLE.";
    throw new Refusal("NO_FIELDS", `Nothing says what the ${entity} is to hold. ${cause}`);
  }
  // The portal would make up a title of its number; a contact has none.
  if (kind !== "create" || entity === "contact") return;
  const title = fields["TITLE"];
  if (typeof title === "number" || (typeof title === "string" && title.trim() !== "")) return;
  throw new Refusal("NO_TITLE", `The ${entity} needs a title: set the input parameter TITLE.`);
}
