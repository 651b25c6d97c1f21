/** A round world in which every task is a rich one, and the book that looks at each of its parts. */
import { eventually } from "../lib/amqp/eventually.ts";
import { Ledger } from "./ledger.ts";
import {
  foundParts,
  type Part,
  prepareRichTasks,
  putEarlierTask,
  type RichTask,
  richVariables,
  wantedParts,
} from "./rich_task.ts";
import {
  openRoundWorld,
  RoundBook,
  type RoundProgram,
  type RoundWorld,
  type RoundWorldOptions,
} from "./round_world.ts";

export interface RichWorld extends RoundWorld {
  /** All that were started, in order, the killed ones too. */
  readonly creators: readonly RoundProgram[];
}

export async function openRichWorld(options: RoundWorldOptions = {}): Promise<RichWorld> {
  const world = await openRoundWorld(options);
  prepareRichTasks(world.portal, world.faults.processKey);
  const creators: RoundProgram[] = [];
  return {
    ...world,
    creators,
    async startCreator() {
      const creator = await world.startCreator();
      creators.push(creator);
      return creator;
    },
  };
}

/** A round book with an account of parts: every external task has its object with all of them, each once. */
export class RichBook {
  readonly #round: RoundBook;
  readonly #parts: Ledger;
  readonly #tasks = new Map<string, RichTask>();

  constructor(name: string, private readonly world: RichWorld) {
    this.#round = new RoundBook(name, world);
    this.#parts = new Ledger(`${name}, parts`);
  }

  /** Starts instances, each with a finished task before its own, and then the worker. To be called once. */
  async begin(count: number): Promise<void> {
    const { faults, portal } = this.world;
    const taskIds = await this.#round.start(count, richVariables);
    const instances = await faults.engine.externalTasks({ tenantIdIn: [faults.tenantId] });
    const instanceOf = new Map(instances.map(({ id, processInstanceId }) => [id, processInstanceId]));
    for (const taskId of taskIds) {
      const processInstanceId = instanceOf.get(taskId) ?? "";
      const task = { processInstanceId, earlierId: putEarlierTask(portal, processInstanceId) };
      this.#tasks.set(taskId, task);
      for (const { key } of keyed(taskId, wantedParts(task))) {
        this.#parts.attempt(key);
        this.#parts.acknowledge(key);
      }
    }
    await faults.startWorker();
  }

  /** Waits until a creator has said of every task that it is there: it says so only when the task is whole. */
  async created(withinMs = 60_000): Promise<void> {
    const reported = () => new Set(this.#reports().map(({ taskId }) => taskId));
    await eventually(() => reported().size === this.#tasks.size, "the report of every task", withinMs).catch(
      async (error) => {
        await this.balance();
        throw error;
      },
    );
  }

  /** People finish their tasks, and the processes go on. */
  async carriedThrough(): Promise<void> {
    await this.#round.carriedThrough();
  }

  /** Prints the ledgers and demands that they balance. */
  async balance(): Promise<void> {
    const { portal } = this.world;
    for (const [taskId, objectIds] of portal.ledger()) {
      const task = this.#tasks.get(taskId);
      const [objectId] = objectIds;
      if (task === undefined || objectId === undefined) continue;
      const wanted = keyed(taskId, wantedParts(task));
      const found = foundParts(portal, objectId, task);
      for (const { key, identity } of matched(taskId, found, wanted)) this.#parts.effect(key, identity);
      const [lacking, superfluous] = [without(wanted, found), without(found, wanted)];
      for (const { name } of lacking) this.#round.objects.incomplete(taskId, `lacks ${name}`);
      for (const { name } of superfluous) this.#round.objects.incomplete(taskId, `has one ${name} too many`);
    }
    for (const { taskId, wasAgain } of this.#reports()) {
      if (wasAgain && this.#tasks.has(taskId)) this.#round.objects.again(taskId);
    }
    await this.#round.balance();
    this.#parts.balance();
  }

  /** What creators said of created tasks. A second attempt is one after a retry, a pause or another creator's end. */
  #reports(): { readonly taskId: string; readonly wasAgain: boolean }[] {
    return this.world.creators.flatMap(({ process: { lines }, standsBy }) => {
      let paused = standsBy;
      const retried = new Set<string>();
      return lines.flatMap(({ code, taskId = "" }) => {
        if (code === "breaker.open") paused = true;
        if (code === "creator.retried") retried.add(taskId);
        return code === "creator.created" ? [{ taskId, wasAgain: paused || retried.has(taskId) }] : [];
      });
    });
  }
}

interface KeyedPart {
  readonly name: string;
  /** In the ledger of parts. */
  readonly key: string;
}

/** The second part of a name has a key of its own. */
function keyed(taskId: string, names: readonly string[]): KeyedPart[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return { name, key: `${taskId} ${name}${before === 0 ? "" : ` (${before + 1})`}` };
  });
}

/** One too many is a second effect of the last of its name. */
function matched(
  taskId: string,
  found: readonly Part[],
  wanted: readonly KeyedPart[],
): { readonly key: string; readonly identity: string }[] {
  return found.map(({ name, identity }, index) => {
    const before = found.slice(0, index).filter((other) => other.name === name).length;
    const keys = wanted.filter((other) => other.name === name).map(({ key }) => key);
    return { key: keys[Math.min(before, keys.length - 1)] ?? `${taskId} ${name}`, identity };
  });
}

/** What is left of `parts` when each of `others` has taken away one of its name. */
function without<T extends { readonly name: string }>(
  parts: readonly T[],
  others: readonly { readonly name: string }[],
) {
  const left = [...parts];
  for (const { name } of others) {
    const at = left.findIndex((one) => one.name === name);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}
