/** A portal's people without a server, and tasks as the demo's creator makes them. */
import { TASK_TEMPLATES } from "../../../simulators/demo/task_templates.ts";
import { Addon } from "../../../simulators/bitrix24/addon_store.ts";
import { People } from "../../../simulators/bitrix24/people.ts";
import { Portal } from "../../../simulators/bitrix24/portal.ts";
import { standardFields } from "../../../simulators/bitrix24/portal_fields.ts";
import type { DeskTask } from "../../../simulators/demo/people.ts";
import type { TaskRecord } from "../../../simulators/camunda/simulator.ts";

/** Contract n is the process instance "n"; its tasks have ids like "5 Approve", or "5 Approve again". */
export const contracts = {
  numberOf: (processInstanceId: string) => Number(processInstanceId),
  taskOf(taskId: string): TaskRecord {
    const [processInstanceId = "", activityId = ""] = taskId.split(" ");
    const counts = { fetched: 1, completed: 0, failed: 0, bpmnErrors: 0 };
    return { taskId, topicName: "bitrix_create_task", activityId, processInstanceId, ...counts };
  },
};

export class TestDesk {
  readonly portal = new Portal(standardFields(), 10, { onEvent() {}, onTaskCreated() {} }, { enforceResult: true });
  readonly addon = new Addon(this.portal);
  readonly people = new People(this.portal, this.addon);

  /** A task that has all its parts. */
  put(externalTaskId: string): DeskTask {
    const task = this.putBare(externalTaskId);
    this.putParts(task);
    return task;
  }

  /** A task as it is before its parts come. */
  putBare(externalTaskId: string): DeskTask {
    const answerExpected = externalTaskId.includes("Approve");
    const { id } = this.portal.addTask({
      TITLE: externalTaskId,
      RESPONSIBLE_ID: "7",
      UF_CAMUNDA_ID_EXTERNAL_TASK: externalTaskId,
      UF_RESULT_EXPECTED: answerExpected ? "Y" : "N",
      SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }],
    }, Date.now());
    return { id: String(id), externalTaskId, answerExpected };
  }

  putParts({ id, externalTaskId }: DeskTask): void {
    const template = TASK_TEMPLATES.get(contracts.taskOf(externalTaskId).activityId);
    const { checklists } = this.portal;
    const { id: list } = checklists.add(Number(id), { title: "Чек-лист", parentId: 0, createdBy: 1 });
    for (const index of template?.checklist.slice(1).keys() ?? []) {
      checklists.add(Number(id), { title: `Пункт ${index + 1}`, parentId: list, createdBy: 1 });
    }
    this.addon.addQuestionnaires(Number(id), template?.questionnaires ?? []);
  }

  details({ id }: DeskTask) {
    const details = this.people.details(id);
    if (details === undefined) throw new Error(`There is no task ${id}`);
    return details;
  }

  /** Answers to its questions, in order. */
  answersIn({ id }: DeskTask): (string | null)[] {
    return this.addon.questionnaires(id).flatMap(({ questions }) => questions.map(({ answer }) => answer));
  }
}
