/** A task as the portal's answers show it, and the response that carries a finished one home. */
import { z } from "zod";
import { type JsonObject, jsonObject } from "../../lib/messages/json.ts";

/** Numbers come as texts; an unset field as `null`, `false` or `""`. */
const scalar = z.union([z.string(), z.number(), z.boolean()]).nullish()
  .transform((value) =>
    value === undefined || value === null || value === false || value === "" ? null : String(value)
  );
/** A field with several values; the first counts, as with the predecessor. */
const firstScalar = z.union([z.array(scalar).transform(([first]) => first ?? null), scalar]);
const id = z.union([z.string().min(1), z.number()]).transform(String);

const facts = z.object({
  id,
  title: scalar,
  status: scalar,
  taskControl: scalar,
  deadline: scalar,
  closedBy: scalar,
  closedDate: scalar,
  responsibleId: scalar,
  ufCamundaIdExternalTask: scalar,
  ufResultExpected: scalar,
  ufResultQuestion: scalar,
  ufResultAnswer: firstScalar,
});

export interface PortalTask extends z.infer<typeof facts> {
  /** As the portal wrote it. */
  readonly raw: JsonObject;
}

const portalTask = jsonObject.transform((raw, context): PortalTask => {
  const parsed = facts.safeParse(raw);
  if (parsed.success) return { ...parsed.data, raw };
  context.addIssue("is not a task of Bitrix24");
  return z.NEVER;
});

/** `result` of `tasks.task.add`. */
export const addedTask = z.object({ task: portalTask }).transform(({ task }) => task);
/** `result` of `tasks.task.list`; PHP may write `[]` when there is nothing at all. */
export const listedTasks = z.union([
  z.object({ tasks: z.array(portalTask) }).transform(({ tasks }) => tasks),
  z.array(z.never()).transform((): PortalTask[] => []),
]);

// Made once: zod compiles a schema when it is first used, which costs more than all else about a look.
const responseWithId = z.object({ result: z.object({ task: z.object({ id }) }) });

/** The id of the task that a sent message is about; `undefined` when it names none. */
export function taskIdIn(response: JsonObject): string | undefined {
  return responseWithId.safeParse(response).data?.result.task.id;
}

/**
 * The predecessor's response: only these keys, all texts, each only if there is a value. `questionnaires` is the add-on's
 * data, unchanged.
 */
export function completedTaskResponse(
  task: PortalTask,
  answerText: string | undefined,
  questionnaires: JsonObject = { taskId: Number(task.id), items: [], total: 0, has_codes: false },
): JsonObject {
  const { id, title, status, ufResultExpected } = task;
  const told = { id, title, status, ufResultExpected, ufResultAnswer_text: answerText ?? null };
  return {
    result: {
      task: Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null)),
      questionnaires,
    },
  };
}
