/** How far the tasks of the demo have come, as whoever reads `exchanger.events` can know it. */
import { z } from "zod";
import { decodeMessage } from "../../lib/messages/json.ts";
import type { ContractAnswers } from "./answers.ts";
import type { Contracts } from "./contracts.ts";
import { type DemoState, type Happening, type Station, STATIONS } from "./state.ts";

const HAPPENINGS_KEPT = 10;

const taskEvent = z.object({ event: z.string(), task_id: z.string() });

export class Progress {
  /** Ids of tasks: one that is seen twice at a station counts once. */
  readonly #seen: Readonly<Record<Station, Set<string>>> = {
    fetched: new Set(),
    published: new Set(),
    created: new Set(),
    answered: new Set(),
    completed: new Set(),
  };
  /** The task of each contract, by process instance, that prepares it. */
  readonly #preparing = new Map<string, string>();
  readonly #happenings: Happening[] = [];

  constructor(private readonly contracts: Pick<Contracts, "taskOf" | "nameOf">) {}

  /** Notes a message of `exchanger.events`. */
  onEvent(body: Uint8Array): void {
    const { event, task_id: taskId } = decodeMessage(taskEvent, body);
    const station = STATIONS.find((known) => known === event);
    if (station !== undefined) this.#seen[station].add(taskId);
    const happening = this.#happening(event, taskId);
    if (happening !== undefined) this.#tell(happening);
  }

  onCompleted(contracts: readonly ContractAnswers[]): void {
    for (const { name, given, arrived } of contracts) {
      const answers = given === 0 ? "" : `, ${arrived} of ${given} answers in Camunda`;
      this.#tell({ text: `${name}: completed${answers}`, tone: arrived < given ? "odd" : "good" });
    }
  }

  soFar(): Pick<DemoState, "tasks" | "happenings"> {
    const { fetched, published, created, answered, completed } = this.#seen;
    return {
      tasks: {
        fetched: fetched.size,
        published: published.size,
        created: created.size,
        answered: answered.size,
        completed: completed.size,
      },
      happenings: [...this.#happenings],
    };
  }

  #happening(event: string, taskId: string): Happening | undefined {
    const task = this.contracts.taskOf(taskId);
    if (task === undefined) return undefined;
    const { activityId, processInstanceId } = task;
    const contract = this.contracts.nameOf(processInstanceId);
    switch (event) {
      case "fetched": {
        if (activityId !== "Prepare") return undefined;
        const before = this.#preparing.get(processInstanceId);
        this.#preparing.set(processInstanceId, taskId);
        if (before === undefined || before === taskId) return undefined;
        return { text: `${contract}: refused, goes back to Prepare`, tone: "odd" };
      }
      case "created":
        return { text: `${contract}: ${activityId} waits for a person`, tone: "plain" };
      case "answered":
        return { text: `${contract}: ${activityId} is done`, tone: "plain" };
      case "failed":
        return { text: `${contract}: ${activityId} failed, an incident waits in Camunda`, tone: "odd" };
      case "withdrawn":
        return { text: `${contract}: ${activityId} is no longer wanted`, tone: "odd" };
      default:
        return undefined;
    }
  }

  #tell(happening: Happening): void {
    this.#happenings.push(happening);
    if (this.#happenings.length > HAPPENINGS_KEPT) this.#happenings.shift();
  }
}
