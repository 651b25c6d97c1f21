/** What a task message says beyond the fetched task: the BPMN metadata of its activity, the instance's own variables. */
import type { MetadataCache } from "../bpmn/metadata_cache.ts";
import { metadataOf } from "../bpmn/metadata.ts";
import type { CamundaClient } from "../camunda/client.ts";
import type { LockedTask } from "../camunda/types.ts";
import { processKeyOf } from "./task_messages.ts";
import { type JsonObject, jsonObject } from "../messages/json.ts";
import type { TypedVariables } from "../messages/typed_variables.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";

export interface EnrichedTask {
  readonly task: LockedTask;
  readonly metadata: JsonObject;
  readonly processVariables: TypedVariables;
}

export class Enricher {
  constructor(
    private readonly deps: { readonly camunda: CamundaClient; readonly metadata: MetadataCache; readonly log: Log },
  ) {}

  /**
   * One request for the variables of the whole batch, and at most one per process definition in the life of the program.
   * Metadata that cannot be read leaves it empty with a warning: the task is worth more than its ornaments. Variables are
   * not ornaments, so their failure rejects.
   */
  async enrich(tasks: readonly LockedTask[], signal: AbortSignal): Promise<EnrichedTask[]> {
    const instanceIds = [...new Set(tasks.map((task) => task.processInstanceId))];
    const [variables, metadata] = await Promise.all([
      this.deps.camunda.processVariables(instanceIds, signal),
      Promise.all(tasks.map((task) => this.#metadataOf(task, signal))),
    ]);
    return tasks.map((task, index) => ({
      task,
      metadata: metadata[index] ?? {},
      processVariables: variables.get(task.processInstanceId) ?? {},
    }));
  }

  async #metadataOf(task: LockedTask, signal: AbortSignal): Promise<JsonObject> {
    try {
      const process = await this.deps.metadata.get(task.processDefinitionId, signal);
      return jsonObject.parse(metadataOf(process, task.activityId, processKeyOf(task)));
    } catch (error) {
      this.deps.log.warn("worker.metadata_missing", `Published without BPMN metadata: ${errorText(error)}`, {
        taskId: task.id,
        processDefinitionId: task.processDefinitionId,
      });
      return {};
    }
  }
}
