/** The baselines: the least that any program would have to ask of Camunda, without reading, checking or retrying anything. */
import { TOPIC } from "./orders.ts";
import { pooled } from "./pooled.ts";

interface BareTask {
  readonly id: string;
  readonly processInstanceId: string;
}

const WORKER_ID = "bare";
const LEASE_MS = 86_400_000;
/** As many as a worker of ours takes, and as many requests at once as it makes. */
const MAX_TASKS = 100;
const CONNECTIONS = 8;

export class BareClient {
  constructor(private readonly baseUrl: string, private readonly tenantId: string) {}

  /** Fetches, reads variables and extends locks until so many tasks are leased; returns their ids. */
  async lease(many: number): Promise<string[]> {
    const leased: string[] = [];
    while (leased.length < many) {
      const tasks = await this.fetchAndLock(MAX_TASKS, 0);
      await this.#post("/variable-instance?deserializeValues=false", {
        processInstanceIdIn: tasks.map((task) => task.processInstanceId),
      });
      await pooled(tasks, CONNECTIONS, async ({ id }) => {
        await this.#post(`/external-task/${id}/extendLock`, { workerId: WORKER_ID, newDuration: LEASE_MS });
      });
      leased.push(...tasks.map(({ id }) => id));
    }
    return leased;
  }

  /** @param workerId who shall hold them */
  async fetchAndLock(maxTasks: number, asyncResponseTimeout: number, workerId = WORKER_ID): Promise<BareTask[]> {
    return await this.#post("/external-task/fetchAndLock", {
      workerId,
      maxTasks,
      usePriority: true,
      ...(asyncResponseTimeout === 0 ? {} : { asyncResponseTimeout }),
      topics: [{ topicName: TOPIC, lockDuration: 300_000, deserializeValues: false, tenantIdIn: [this.tenantId] }],
    });
  }

  async complete(taskIds: readonly string[], variables: object): Promise<void> {
    await pooled(taskIds, CONNECTIONS, async (id) => {
      await this.#post(`/external-task/${id}/complete`, { workerId: WORKER_ID, variables });
    });
  }

  async #post(path: string, body: object) {
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
