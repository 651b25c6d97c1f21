/**
 * Tells the add-on that an instance went on, so that its pages show the new task. Whether that arrives changes nothing about
 * the task: what fails is told again with later tasks, a few times.
 */
import { addon, readAddonAnswer } from "../../../lib/bitrix24/addon.ts";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import type { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import { GatheredCalls } from "../../../lib/bitrix24/gathered_calls.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import { elementOf } from "../element.ts";

/** The add-on asks Camunda during each, one after the other. */
const AT_ONCE = 10;
const MOST_TRIES = 5;
/** More than may wait after an hour in which none worked; the oldest are dropped. */
const MOST_WAITING = 10_000;

interface Sync {
  readonly processKey: string;
  readonly processInstanceId: string;
  readonly tries: number;
}

export class ProcessSyncs {
  #waiting = new Map<string, Sync>();

  constructor(private readonly client: Bitrix24Client, private readonly log: Log) {}

  /** For the instances of these tasks, each once, and for those that failed before. Never throws. */
  async tell(tasks: readonly TaskMessage[], signal: AbortSignal): Promise<void> {
    for (const { processKey, processInstanceId } of tasks.map(elementOf)) {
      if (processKey !== "" && processInstanceId !== "") {
        this.#waiting.set(processInstanceId, { processKey, processInstanceId, tries: 0 });
      }
    }
    const syncs = [...this.#waiting.values()].slice(-MOST_WAITING);
    this.#waiting = new Map();
    const calls = new GatheredCalls(this.client, AT_ONCE, signal);
    await Promise.all(syncs.map((sync) => this.#tell(sync, calls)));
  }

  async #tell(sync: Sync, calls: GatheredCalls): Promise<void> {
    const { processKey, processInstanceId, tries } = sync;
    try {
      const answer = readAddonAnswer(await calls.call(addon.sync(processKey, processInstanceId)));
      if (!answer.ok) throw new Bitrix24Error("rejected", "SYNC_REFUSED", answer.reason);
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      this.log.warn("bitrix24.sync_failed", error.message, { processInstanceId, attempt: tries + 1 });
      const isNewer = this.#waiting.has(processInstanceId);
      if (tries + 1 < MOST_TRIES && !isNewer) this.#waiting.set(processInstanceId, { ...sync, tries: tries + 1 });
    }
  }
}
