/**
 * Finds the portal's task of each external task, or creates it, and completes what it lacks. Each task is handled as if it
 * were alone; their calls travel together.
 */
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import type { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import type { JsonObject } from "../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import { errorText } from "../../../lib/telemetry/error_text.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import type { Clock } from "../../../lib/time/clock.ts";
import type { CreateOutcome } from "../../target_system.ts";
import { failedAddition } from "../failed_addition.ts";
import { findTasks, type LookUp } from "../find_tasks.ts";
import { addedTask, type PortalTask } from "../portal_task.ts";
import { type PlanDeps, planTask } from "./plan_task.ts";
import { type AnswerCache, PortalCalls } from "./portal_calls.ts";
import { Refusal } from "../refusal.ts";
import { completeTask } from "./task_parts.ts";

export interface CreateTasksOptions extends Pick<PlanDeps, "settings" | "roles"> {
  /** Most writes with one request. */
  readonly createBatch: number;
  /** Scheme and host, for links that people open. */
  readonly portalOrigin: string;
}

export interface CreateTasksDeps {
  readonly client: Bitrix24Client;
  readonly cache: AnswerCache;
  readonly clock: Clock;
  readonly log: Log;
  readonly hasAddon: boolean;
}

/** Completed and declined: somebody is done with it, whatever it lacks. */
const CLOSED: readonly (string | null)[] = ["5", "7"];

/**
 * One outcome per task, in order. A fault of ours about one task is that task's outcome: whoever asked again for all would
 * ask while the others' creations are under way.
 */
export async function createTasks(
  tasks: readonly TaskMessage[],
  options: CreateTasksOptions,
  deps: CreateTasksDeps,
  signal: AbortSignal,
): Promise<CreateOutcome[]> {
  const calls = new PortalCalls(deps.client, deps.cache, { mostWrites: options.createBatch }, signal);
  const { settings, roles, portalOrigin } = options;
  const creation = new Creation({ ...deps, settings, roles, calls, nowMs: deps.clock.now() }, portalOrigin);
  const found = await findTasks(tasks.map(({ task_id }) => task_id), deps.client, signal);
  return await Promise.all(tasks.map((task, index) => creation.create(task, found[index])));
}

class Creation {
  constructor(private readonly deps: PlanDeps, private readonly portalOrigin: string) {}

  async create(task: TaskMessage, lookUp: LookUp | undefined): Promise<CreateOutcome> {
    if (lookUp?.kind !== "known") {
      return { kind: lookUp?.because ?? "retry", reason: `Cannot look for the task: ${lookUp?.reason ?? "no answer"}` };
    }
    const existing = this.#oldestOf(lookUp.tasks, task.task_id);
    if (existing !== undefined && CLOSED.includes(existing.status)) return this.#created(existing);
    let made = existing;
    let stage: Stage = "planning";
    try {
      const plan = await planTask(task, this.deps);
      stage = "adding";
      made ??= await this.#add(plan.fields);
      stage = "completing";
      await completeTask(plan, { taskId: Number(made.id), isNew: existing === undefined }, this.deps);
      return this.#created(made);
    } catch (error) {
      // It exists, though it could not be made so any more: whoever has it goes on working.
      if (error instanceof Refusal && made !== undefined) return this.#created(made);
      if (error instanceof Refusal || error instanceof Bitrix24Error) return failedCreation(error, stage, made);
      const reason = `A fault while the task was handled: ${errorText(error)}`;
      this.deps.log.error("bitrix24.creation_fault", reason, { taskId: task.task_id });
      return { kind: "retry", reason, ambiguous: true };
    }
  }

  async #add(fields: JsonObject): Promise<PortalTask> {
    const task =
      addedTask.safeParse(await this.deps.calls.write({ method: "tasks.task.add", params: { fields } })).data;
    if (task !== undefined) return task;
    throw new Bitrix24Error("fault", "strange_answer", "Bitrix24 answered a creation without the task.", true);
  }

  #oldestOf(tasks: readonly PortalTask[], taskId: string): PortalTask | undefined {
    const [oldest, ...others] = tasks;
    if (others.length > 0) {
      this.deps.log.warn("bitrix24.duplicates", "Bitrix24 has several tasks for one external task; the oldest counts", {
        taskId,
        used: oldest?.id,
        others: others.map(({ id }) => id).join(", "),
      });
    }
    return oldest;
  }

  #created(task: PortalTask): CreateOutcome {
    const url = `${this.portalOrigin}/company/personal/user/${task.responsibleId ?? "0"}/tasks/task/view/${task.id}/`;
    return { kind: "created", id: task.id, url, response: { result: { task: task.raw } } };
  }
}

type Stage = "planning" | "adding" | "completing";

function failedCreation(error: Refusal | Bitrix24Error, stage: Stage, made: PortalTask | undefined): CreateOutcome {
  if (error instanceof Refusal) return { kind: "refused", code: error.code, reason: error.message };
  const { message, ambiguous } = error;
  if (stage === "planning") {
    // Reading changes nothing, so whether a reading took effect is no question.
    return {
      kind: error.isAboutPortal ? "down" : "retry",
      reason: `Cannot gather what the task is made of: ${message}`,
    };
  }
  if (error.isAboutPortal || stage === "adding") return failedAddition(error);
  // Lost or failed parts are added when the message comes again; what the portal refuses it would refuse again.
  const reason = `The task ${made?.id ?? ""} exists in Bitrix24, but is not complete: ${message}`;
  return error.failure === "fault"
    ? { kind: "retry", reason, ambiguous }
    : { kind: "refused", code: "TASK_INCOMPLETE", reason };
}
