/** What became of every external task, for tests that prove that nothing was lost or done twice. */
import type { ExternalTask } from "./runtime.ts";

export type Handling = "completed" | "failed" | "bpmnErrors";

export interface TaskRecord {
  readonly taskId: string;
  readonly topicName: string;
  readonly activityId: string;
  readonly processInstanceId: string;
  /** How often it was handed to a worker. */
  readonly fetched: number;
  /** Accepted completions; the engine accepts one at most. */
  readonly completed: number;
  readonly failed: number;
  readonly bpmnErrors: number;
}

export class Ledger {
  readonly #records = new Map<string, { -readonly [Field in keyof TaskRecord]: TaskRecord[Field] }>();

  note(task: ExternalTask, what: "fetched" | Handling): void {
    const record = this.#records.get(task.id) ?? {
      taskId: task.id,
      topicName: task.topicName,
      activityId: task.node.id,
      processInstanceId: task.instance.id,
      fetched: 0,
      completed: 0,
      failed: 0,
      bpmnErrors: 0,
    };
    record[what]++;
    this.#records.set(task.id, record);
  }

  /** By task id, in the order in which they were first fetched. */
  records(): ReadonlyMap<string, TaskRecord> {
    return this.#records;
  }
}
