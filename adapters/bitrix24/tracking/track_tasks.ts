/** How far the portal's tasks are, what finished ones say, and what is told to people about the others. */
import type { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import type { SentMessage } from "../../../lib/messages/sent_message.ts";
import type { Clock } from "../../../lib/time/clock.ts";
import type { Progress } from "../../target_system.ts";
import { completedTaskResponse, type PortalTask, taskIdIn } from "../portal_task.ts";
import { Alerts, type AlertsDeps } from "./alerts.ts";
import { AnswerTexts } from "./answer_texts.ts";
import type { Collectable } from "./collect.ts";
import { type Finish, finishTasks } from "./finish_tasks.ts";
import { FinishedTasks } from "./finished_tasks.ts";
import { type Failure, lookAtTasks, type Looks } from "./look_at_tasks.ts";
import { Notices, noticesFor, type ReopenedTask } from "./notices.ts";
import { Responsibles } from "./responsibles.ts";
import { stateOf } from "./task_state.ts";
import { taskVariables } from "./task_variables.ts";
import type { TrackingSettings } from "./tracking_settings.ts";

/** The codes with which a process may catch that a person declined its task, or (by setting) deleted it. */
export const DECLINED = "TASK_DECLINED";
export const DELETED = "TASK_DELETED";

export interface TrackedTasksDeps extends AlertsDeps {
  readonly client: Bitrix24Client;
  readonly clock: Clock;
  /** Whether the portal has the add-on module that keeps questionnaires. Rejects with a Bitrix24Error if it does not say. */
  readonly hasAddon: (signal: AbortSignal) => Promise<boolean>;
}

/** A message, and its task as the portal shows it. */
interface Shown {
  readonly message: SentMessage;
  readonly task: PortalTask;
}

export class TrackedTasks {
  readonly #answers: AnswerTexts;
  readonly #finished: FinishedTasks;
  readonly #responsibles: Responsibles;
  readonly #notices: Notices;

  constructor(private readonly settings: TrackingSettings, private readonly deps: TrackedTasksDeps) {
    this.#answers = new AnswerTexts(deps.client, deps.clock);
    this.#finished = new FinishedTasks(deps.clock);
    this.#responsibles = new Responsibles(deps);
    this.#notices = new Notices({ client: deps.client, alerts: new Alerts(deps) });
  }

  /** One outcome per message, in order. A message without a task id is `missing`: no task will ever answer for it. */
  async track(sent: readonly SentMessage[], signal: AbortSignal): Promise<Progress[]> {
    const finishedBefore = this.#finished.due();
    const ids = sent.flatMap(({ response_data }) => taskIdIn(response_data) ?? []);
    const looks = await lookAtTasks(
      new Set([...ids, ...finishedBefore.keys()]),
      this.deps.client,
      signal,
      this.#responsibles.questions(),
    );
    this.#responsibles.learn(looks.answers);
    await this.#lookForReopened(finishedBefore, looks, signal);

    const lookFor = ({ response_data }: SentMessage) => looks.tasks.get(taskIdIn(response_data) ?? "");
    const shown = sent.flatMap((message): Shown[] => {
      const look = lookFor(message);
      return look?.kind === "shown" ? [{ message, task: look.task }] : [];
    });
    const finishes = await this.#finish(shown, signal);
    const notes = await this.#tell(shown, signal);
    return sent.map((message): Progress => {
      const look = lookFor(message);
      if (look === undefined) return this.#missing(message);
      if (look.kind !== "shown") return look;
      switch (stateOf(look.task, this.settings)) {
        case "open":
        case "unanswered": {
          const ofTask = notes.get(message);
          return ofTask === undefined ? { kind: "open" } : { kind: "open", notes: ofTask };
        }
        case "declined":
          return { kind: "cancelled", code: DECLINED, reason: "The task was declined in Bitrix24." };
        case "done":
          return this.#progressOf(finishes.get(look.task.id), message);
      }
    });
  }

  async #finish(shown: readonly Shown[], signal: AbortSignal): Promise<ReadonlyMap<string, Finish | Failure>> {
    const done = shown.filter(({ task }) => stateOf(task, this.settings) === "done");
    const tasks = new Map(done.map(({ task }) => [task.id, task]));
    const deps = { client: this.deps.client, answers: this.#answers, whatToCollect: this.#whatToCollect };
    return await finishTasks([...tasks.values()], deps, signal);
  }

  readonly #whatToCollect = async (signal: AbortSignal): Promise<ReadonlySet<Collectable>> => {
    const what = new Set(this.settings.BITRIX_COLLECT);
    if (what.has("questionnaires") && !await this.deps.hasAddon(signal)) what.delete("questionnaires");
    return what;
  };

  #progressOf(finish: Finish | Failure | undefined, message: SentMessage): Progress {
    if (finish?.kind !== "finished") return finish ?? { kind: "retry", reason: "Nothing was read." };
    const { task, answer, collected } = finish;
    this.#finished.add(task.id, message.original_message.task_id);
    return {
      kind: "done",
      variables: taskVariables(message.original_message, task, collected, this.settings.BITRIX_TIME_ZONE),
      response: completedTaskResponse(task, answer, collected.questionnaires),
    };
  }

  #missing({ response_data }: SentMessage): Progress {
    const isDeleted = taskIdIn(response_data) !== undefined;
    const hasCode = isDeleted && this.settings.BITRIX_DELETED === "bpmn_error";
    return { kind: "missing", ...(hasCode ? { code: DELETED } : {}) };
  }

  /** Returns what messages have to remember, where that changed. */
  async #tell(shown: readonly Shown[], signal: AbortSignal) {
    const options = {
      settings: this.settings,
      nowMs: this.deps.clock.now(),
      isDismissed: (userId: string) => this.#responsibles.isDismissed(userId),
    };
    const waiting = shown.flatMap(({ message, task }) => {
      const state = stateOf(task, this.settings);
      if (state !== "open" && state !== "unanswered") return [];
      if (state === "open" && task.responsibleId !== null) this.#responsibles.add(task.responsibleId);
      return [{ message, task, notices: noticesFor(task, state, options) }];
    });
    return await this.#notices.give(waiting, signal);
  }

  async #lookForReopened(finished: ReadonlyMap<string, string>, looks: Looks, signal: AbortSignal): Promise<void> {
    const reopened: ReopenedTask[] = [];
    for (const [id, taskId] of finished) {
      const look = looks.tasks.get(id);
      if (look !== undefined && look.kind !== "shown") continue;
      const isOpen = look !== undefined && stateOf(look.task, this.settings) === "open";
      if (isOpen) reopened.push({ task: look.task, taskId });
      if (isOpen || look === undefined) this.#finished.delete(id);
    }
    await this.#notices.giveReopened(reopened, this.settings.BITRIX_ALERT_COMMENTS.includes("reopened"), signal);
  }
}
