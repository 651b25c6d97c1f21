/**
 * The task message on `<system>.queue`: the predecessor's 17 fields, exactly, and what we add (`process_definition_id`,
 * `execution_id`). Reading is tolerant of what the predecessor wrote: absent optional fields, nulls, unknown extras kept.
 */
import { z } from "zod";
import { numberOr, objectOr, textOr } from "./or_else.ts";
import { typedVariables } from "./typed_variables.ts";

const nullable = z.string().nullable().default(null);

export const taskMessage = z.looseObject({
  task_id: z.string().min(1),
  topic: textOr(""),
  system: textOr(""),
  /** Name to bare value: every variable visible to the task when it was fetched. */
  variables: objectOr({}),
  /** The process instance's own variables, typed. */
  process_variables: typedVariables.nullish().catch(null).transform((value) => value ?? {}),
  process_instance_id: nullable,
  process_definition_key: nullable,
  activity_id: nullable,
  activity_instance_id: nullable,
  /** The worker id that holds the lock: only it can complete the task. */
  worker_id: nullable,
  retries: z.number().int().nullable().default(null),
  created_time: nullable,
  priority: numberOr(0),
  tenant_id: nullable,
  business_key: nullable,
  /** Publish time, epoch milliseconds. */
  timestamp: numberOr(0),
  metadata: objectOr({}),
  process_definition_id: z.string().nullish(),
  execution_id: z.string().nullish(),
});
export type TaskMessage = z.infer<typeof taskMessage>;
