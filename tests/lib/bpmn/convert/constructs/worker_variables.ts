/** The variables with which the worker completes a task: its own mapping of a finished Bitrix24 task. */
import { responseMessage } from "../../../../../lib/messages/response_message.ts";
import { mapResponse } from "../../../../../lib/worker/response_variables.ts";
import type { Variables } from "./construct.ts";
import type { FetchedTask } from "./fetched_task.ts";

/** `answer`: what the person who did the task answered. */
export function workerVariables(task: FetchedTask, answer: string | undefined): Variables {
  const { id, activityId, variables: { loopCounter }, extensionProperties } = task;
  const { values } = mapResponse(responseMessage.parse({
    original_message: {
      task_id: id,
      activity_id: activityId,
      variables: loopCounter === undefined ? {} : { loopCounter },
      metadata: { extensionProperties },
    },
    response_data: {
      result: { task: { ufResultExpected: extensionProperties["UF_RESULT_EXPECTED"], ufResultAnswer_text: answer } },
    },
    processing_status: "completed_by_tracker",
  }));
  return Object.fromEntries([...values].map(([name, value]) => [name, textVariable(String(value))]));
}

const textVariable = (value: string) => ({ value, type: "String" });
