/** Task and sent messages for the tests of this adapter. */
import { type SentMessage, sentMessage } from "../../../lib/messages/sent_message.ts";
import { type TaskMessage, taskMessage } from "../../../lib/messages/task_message.ts";

export function task(taskId: string, more: Readonly<Record<string, unknown>> = {}): TaskMessage {
  return taskMessage.parse({
    task_id: taskId,
    topic: "bitrix_create_task",
    system: "bitrix24",
    activity_id: "Activity_A",
    process_instance_id: "instance-1",
    metadata: { activityInfo: { id: "Activity_A", name: "Проверить договор", type: "external", topic: "t" } },
    ...more,
  });
}

/** What the creator publishes once the portal has a task with this id. */
export function sent(taskId: string, portalTaskId: string): SentMessage {
  return sentMessage.parse({
    original_queue: "bitrix24.queue",
    original_message: task(taskId),
    response_data: { result: { task: { id: portalTaskId } } },
  });
}
