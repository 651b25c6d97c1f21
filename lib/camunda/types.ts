/** What Camunda's REST API answers, as far as we read it. Reading is tolerant: other fields are dropped. */
import { z } from "zod";
import { booleanOr, numberOr } from "../messages/or_else.ts";
import { type TypedVariables, typedVariables } from "../messages/typed_variables.ts";

const nullableText = z.string().nullable().default(null);
const nullableNumber = z.number().nullable().default(null);

/** What a fetched and a listed external task have in common. Dates are `yyyy-MM-dd'T'HH:mm:ss.SSSZ`. */
const externalTaskFields = {
  id: z.string().min(1),
  topicName: z.string(),
  processInstanceId: z.string(),
  processDefinitionId: z.string(),
  processDefinitionKey: z.string(),
  activityId: z.string(),
  activityInstanceId: nullableText,
  executionId: nullableText,
  businessKey: nullableText,
  tenantId: nullableText,
  createTime: nullableText,
  lockExpirationTime: nullableText,
  /** `null` before the first failure; 0 means that an incident waits for a person. */
  retries: nullableNumber,
  priority: numberOr(0),
};

/** An external task locked for us (`LockedExternalTaskDto`). */
export const lockedTask = z.object({
  ...externalTaskFields,
  workerId: z.string(),
  /** Every variable visible to the task; values undeserialised. */
  variables: typedVariables.nullish().transform((variables): TypedVariables => variables ?? {}),
  /** `camunda:property` of the activity, expressions evaluated. */
  extensionProperties: z.record(z.string(), z.string()).nullish().transform((properties) => properties ?? {}),
});
export type LockedTask = z.infer<typeof lockedTask>;

/** An external task as it stands (`ExternalTaskDto`). */
export const externalTask = z.object({
  ...externalTaskFields,
  /** Who locked it last; also after the lock has expired. */
  workerId: nullableText,
  suspended: booleanOr(false),
  errorMessage: nullableText,
});
export type ExternalTask = z.infer<typeof externalTask>;
