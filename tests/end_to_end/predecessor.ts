/**
 * Messages in the predecessor's format, and the process they are about, built from what they say of it: one written here,
 * and those recorded from the predecessor itself where they lie beside the repository.
 */
import { z } from "zod";
import { json, type JsonObject, jsonObject } from "../../lib/messages/json.ts";
import { typedVariables } from "../../lib/messages/typed_variables.ts";
import { end, external, flows, start } from "../simulators/camunda/contract_bench.ts";

const taskBody = z.looseObject({
  process_definition_key: z.string(),
  activity_id: z.string(),
  business_key: z.string(),
  variables: jsonObject,
  process_variables: typedVariables,
  metadata: z.looseObject({
    extensionProperties: z.record(z.string(), z.string()),
    inputParameters: z.record(z.string(), z.string()),
    activityInfo: z.object({ id: z.string(), name: z.string(), type: z.string(), topic: z.string() }),
  }),
});
const taskRecord = z.object({
  routing_key: z.string(),
  properties: z.looseObject({ headers: z.record(z.string(), json) }),
  body: taskBody,
});
const sentRecord = z.object({
  body: z.looseObject({
    original_message: jsonObject,
    response_data: z.looseObject({ result: z.looseObject({ task: jsonObject }) }),
  }),
});
const responseRecord = z.object({
  body: z.looseObject({
    original_message: jsonObject,
    response_data: z.object({
      result: z.looseObject({ task: z.object({ id: z.string(), title: z.string(), status: z.string() }).loose() }),
    }),
  }),
});

export interface Recording {
  readonly name: string;
  readonly task: z.infer<typeof taskRecord>;
  readonly sent: z.infer<typeof sentRecord>;
  readonly response: z.infer<typeof responseRecord>;
  /** Its process, to be deployed under the key of the message. */
  readonly flow: string;
}

const written = {
  task: {
    routing_key: "bitrix24.bitrix_create_task",
    properties: {
      headers: {
        camunda_topic: "bitrix_create_task",
        target_system: "bitrix24",
        task_id: "task",
        process_instance_id: "instance",
      },
    },
    body: writtenTask(),
  },
  sent: {
    body: {
      timestamp: 1_800_000_000_000,
      original_queue: "bitrix24.queue",
      original_message: writtenTask(),
      response_data: { result: { task: { id: "31", title: "Сверить смету", status: "2" } }, time: { start: 1.5 } },
      processing_status: "success",
      processed_at: 1_800_000_001.25,
    },
  },
  response: {
    body: {
      timestamp: 1_800_000_000_000,
      original_queue: "bitrix24.queue",
      original_message: writtenTask(),
      response_data: {
        result: {
          task: { id: "31", title: "Сверить смету", status: "5", ufResultExpected: "1", ufResultAnswer_text: "ДА" },
          questionnaires: {
            taskId: 31,
            items: [{
              CODE: "Q",
              questions: [
                { CODE: "OK", TYPE: "boolean", answer: "true" },
                { CODE: "SUM", TYPE: "integer", answer: "42" },
              ],
            }],
            total: 1,
            has_codes: true,
          },
        },
      },
      processing_status: "completed_by_tracker",
      processed_at: 1_800_000_060.5,
    },
  },
};

function writtenTask(): JsonObject {
  const processVariables = {
    startedBy: { type: "String", value: "5", valueInfo: {} },
    i: { type: "Integer", value: 17, valueInfo: {} },
    title: { type: "String", value: "Смета 17", valueInfo: {} },
  };
  return {
    task_id: "task",
    topic: "bitrix_create_task",
    system: "bitrix24",
    variables: { startedBy: "5", i: 17, title: "Estimate" },
    process_variables: processVariables,
    process_instance_id: "instance",
    process_definition_key: "P_written",
    activity_id: "Activity_A",
    activity_instance_id: "Activity_A:1",
    worker_id: "universal-worker",
    retries: null,
    created_time: "2027-01-15T08:00:00.000+0000",
    priority: 0,
    tenant_id: null,
    business_key: "bk17",
    timestamp: 1_800_000_000_000,
    metadata: {
      extensionProperties: { assigneeId: "9", UF_RESULT_EXPECTED: "1" },
      inputParameters: { title: "Estimate" },
      activityInfo: { id: "Activity_A", name: "Check the estimate", type: "external", topic: "bitrix_create_task" },
      processProperties: { assigneeId: "9", UF_RESULT_EXPECTED: "1" },
      processVariables,
    },
  };
}

interface Records {
  readonly task: unknown;
  readonly sent: unknown;
  readonly response: unknown;
}

function recording(name: string, records: Records): Recording {
  const task = taskRecord.parse(records.task);
  const { extensionProperties, inputParameters, activityInfo } = task.body.metadata;
  const elements = (tag: string, entries: Readonly<Record<string, string>>, render: (value: string) => string) =>
    Object.entries(entries).map(([key, value]) => `<camunda:${tag} name="${key}"${render(value)}`).join("");
  const activity = external(
    activityInfo.id,
    activityInfo.topic,
    `<bpmn:extensionElements>
       <camunda:properties>${
      elements("property", extensionProperties, (value) => ` value="${value}"/>`)
    }</camunda:properties>
       <camunda:inputOutput>${
      elements("inputParameter", inputParameters, (value) => `>${value}</camunda:inputParameter>`)
    }</camunda:inputOutput>
     </bpmn:extensionElements>`,
    `name="${activityInfo.name}"`,
  );
  const flow = start + activity + end + flows(`s>${activityInfo.id}`, `${activityInfo.id}>e`);
  return { name, task, sent: sentRecord.parse(records.sent), response: responseRecord.parse(records.response), flow };
}

function recordedBeside(): Recording[] {
  const read = (name: string): unknown =>
    JSON.parse(
      Deno.readTextFileSync(new URL(`../../../shared/fixtures/predecessor/${name}.json`, import.meta.url)),
    );
  try {
    return [recording("recorded", { task: read("task"), sent: read("sent"), response: read("response") })];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

export const recordings: readonly Recording[] = [recording("written", written), ...recordedBeside()];
