/** Checklists of Bitrix24's tasks that descriptions link to: fetched before a conversion, which itself asks nobody. */
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { checklistRows } from "../../adapters/bitrix24/tracking/checklists.ts";
import type { Checklist, ChecklistItem } from "../bpmn/checklists/checklist.ts";
import { Bitrix24Error } from "../bitrix24/bitrix24_error.ts";
import { BATCH_LIMIT, Bitrix24Client, type CommandResult } from "../bitrix24/client.ts";
import type { Clock } from "../time/clock.ts";
import type { LinkedChecklists } from "./pull.ts";
import type { SyncSettings } from "./sync_settings.ts";

const KEPT_MS = 600_000; // 10 min: several diagrams of a run link to the same task
const MAX_KEPT = 1000;

export class LinkedTasks implements Disposable {
  readonly #known: LRUCache<string, readonly Checklist[]>;

  constructor(private readonly client: Pick<Bitrix24Client, "runAll" | typeof Symbol.dispose>, clock: Clock) {
    // A resolution would keep the time with a timer.
    this.#known = new LRUCache({ max: MAX_KEPT, ttl: KEPT_MS, ttlResolution: 0, perf: clock });
  }

  /**
   * A task that is gone, or that the webhook may not see, has none.
   * @throws {Bitrix24Error} the portal cannot be asked
   */
  async checklistsOf(taskIds: readonly string[], signal: AbortSignal): Promise<LinkedChecklists> {
    const found = new Map<string, readonly Checklist[]>();
    const missing: string[] = [];
    for (const id of new Set(taskIds)) {
      const known = this.#known.get(id);
      if (known === undefined) missing.push(id);
      else found.set(id, known);
    }
    const commands = missing.map((id) => ({ method: "task.checklistitem.getlist", params: { TASKID: id } }));
    const results = await this.client.runAll(commands, BATCH_LIMIT, signal);
    for (const [index, id] of missing.entries()) {
      const checklists = checklistsIn(results[index]);
      this.#known.set(id, checklists);
      found.set(id, checklists);
    }
    return found;
  }

  [Symbol.dispose](): void {
    this.client[Symbol.dispose]();
  }
}

/** `undefined` when no portal is set. Nothing is asked yet. */
export function openLinkedTasks(settings: SyncSettings, clock: Clock): LinkedTasks | undefined {
  const { BITRIX_WEBHOOK_URL: webhookUrl, BITRIX_CA_FILE: caFile } = settings;
  if (webhookUrl === undefined) return undefined;
  const limit = { perSecond: settings.BITRIX_RATE_PER_SECOND, burst: settings.BITRIX_RATE_BURST };
  const timeoutMs = settings.BITRIX_REQUEST_TIMEOUT;
  return new LinkedTasks(new Bitrix24Client({ webhookUrl, timeoutMs, limit, caFile, clock }), clock);
}

function checklistsIn(result: CommandResult | undefined): Checklist[] {
  if (result === undefined) return [];
  if (!result.ok) {
    const { failure } = result.error;
    if (failure === "not_found" || failure === "rejected") return [];
    throw result.error;
  }
  const parsed = z.safeParse(checklistRows, result.result);
  if (!parsed.success) {
    throw new Bitrix24Error(
      "fault",
      "strange_answer",
      "Bitrix24 answered the checklists of a task with something else.",
    );
  }
  return treesOf(parsed.data);
}

function treesOf(rows: z.infer<typeof checklistRows>): Checklist[] {
  const sorted = rows.toSorted((one, other) => one.SORT_INDEX - other.SORT_INDEX || Number(one.ID) - Number(other.ID));
  const ids = new Set(rows.map(({ ID }) => ID));
  const byParent = Map.groupBy(sorted, ({ PARENT_ID }) => ids.has(PARENT_ID) ? PARENT_ID : "0");
  const itemsOf = (parent: string): ChecklistItem[] =>
    (byParent.get(parent) ?? []).map(({ ID, TITLE: text }) => ({ text, items: itemsOf(ID) }));
  const all = (byParent.get("0") ?? []).map(({ ID, TITLE: name }) => ({ name, items: itemsOf(ID) }));
  return all.filter(({ items }) => items.length > 0);
}
