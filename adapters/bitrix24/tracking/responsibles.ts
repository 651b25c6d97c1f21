/** Which people are responsible for open tasks, and who of them was dismissed: read once an hour, with looks at tasks. */
import { z } from "zod";
import { BATCH_LIMIT, type Command, type CommandResult } from "../../../lib/bitrix24/client.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import type { Clock } from "../../../lib/time/clock.ts";

const MAX_AGE_MS = 3_600_000; // 1 h
/** The page size of `user.get`. */
const IDS_PER_SEARCH = 50;

const users = z.array(z.looseObject({
  ID: z.union([z.string(), z.number()]).transform(String),
  ACTIVE: z.union([z.boolean(), z.string()]).optional(),
}));

export class Responsibles {
  /** By user id, as many as a portal has people. */
  readonly #readAtMs = new Map<string, number>();
  readonly #dismissed = new Set<string>();

  constructor(private readonly deps: { readonly clock: Clock; readonly log: Log }) {}

  /** Somebody to be read about with the next look. */
  add(userId: string): void {
    if (!this.#readAtMs.has(userId)) this.#readAtMs.set(userId, -Infinity);
  }

  isDismissed(userId: string): boolean {
    return this.#dismissed.has(userId);
  }

  /** What to ask the portal now, if anything; its answers go to {@link learn}. At most one request. */
  questions(): Command[] {
    const now = this.deps.clock.now();
    const due = [...this.#readAtMs].filter(([, atMs]) => now - atMs >= MAX_AGE_MS).map(([id]) => id);
    const asked = due.slice(0, IDS_PER_SEARCH * BATCH_LIMIT);
    // Whatever the answer will be: a webhook without the right to see people must not ask at every look.
    for (const id of asked) this.#readAtMs.set(id, now);
    return Array.from({ length: Math.ceil(asked.length / IDS_PER_SEARCH) }, (_, index) => ({
      method: "user.get",
      params: { FILTER: { ID: asked.slice(index * IDS_PER_SEARCH, (index + 1) * IDS_PER_SEARCH) } },
    }));
  }

  learn(answers: readonly CommandResult[]): void {
    for (const answer of answers) {
      if (!answer.ok) {
        this.deps.log.warn("bitrix24.people_unknown", `Cannot see who was dismissed: ${answer.error.message}`);
        continue;
      }
      for (const { ID, ACTIVE } of users.safeParse(answer.result).data ?? []) {
        if (ACTIVE === false || ACTIVE === "N" || ACTIVE === "false") this.#dismissed.add(ID);
        else this.#dismissed.delete(ID);
      }
    }
  }
}
