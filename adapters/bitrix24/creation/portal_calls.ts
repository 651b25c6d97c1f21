/** How the creation of a batch of tasks talks to the portal: reads, reads that may be some minutes old, and writes. */
import { LRUCache } from "lru-cache";
import { Bitrix24Error, type Bitrix24Failure } from "../../../lib/bitrix24/bitrix24_error.ts";
import { BATCH_LIMIT, type Bitrix24Client, type Command } from "../../../lib/bitrix24/client.ts";
import { GatheredCalls } from "../../../lib/bitrix24/gathered_calls.ts";
import { encodePhpQuery } from "../../../lib/bitrix24/php_query.ts";
import type { Json } from "../../../lib/messages/json.ts";
import type { Clock } from "../../../lib/time/clock.ts";

/** Answers by command. Only successes are kept: what failed, or was not there, may be there a moment later. */
export type AnswerCache = LRUCache<string, { readonly answer: Json }>;

/** People, heads, diagrams, list elements: the oldest go first. */
const MOST_ANSWERS = 2000;

/** @param maxAgeMs 0 for a cache that keeps nothing */
export function newAnswerCache(maxAgeMs: number, clock: Clock): AnswerCache {
  // The library takes 0 for ever.
  return new LRUCache({ max: MOST_ANSWERS, ttl: Math.max(maxAgeMs, 1), ttlResolution: 0, perf: clock });
}

const OPTIONAL: readonly Bitrix24Failure[] = ["not_found", "rejected", "denied"];

export class PortalCalls {
  readonly #reads: GatheredCalls;
  readonly #writes: GatheredCalls;
  readonly #underWay = new Map<string, Promise<Json>>();

  constructor(
    client: Bitrix24Client,
    private readonly cache: AnswerCache,
    /** The portal works through the writes of a request one after the other, all within one time-out. */
    options: { readonly mostWrites: number },
    signal: AbortSignal,
  ) {
    this.#reads = new GatheredCalls(client, BATCH_LIMIT, signal);
    this.#writes = new GatheredCalls(client, options.mostWrites, signal);
  }

  /** @throws {Bitrix24Error} */
  read(command: Command): Promise<Json> {
    return this.#reads.call(command);
  }

  /**
   * As {@link read}, from the cache if it can be. `isThere` tells answers that may be kept from those that say that there is
   * nothing yet.
   * @throws {Bitrix24Error}
   */
  async readCached(command: Command, isThere: (answer: Json) => boolean): Promise<Json> {
    const key = `${command.method}?${encodePhpQuery(command.params)}`;
    const kept = this.cache.get(key);
    if (kept !== undefined) return kept.answer;
    // Tasks of one batch ask the same things at the same time.
    const asked = this.#underWay.get(key) ?? this.#reads.call(command);
    this.#underWay.set(key, asked);
    const answer = await asked;
    if (isThere(answer)) this.cache.set(key, { answer });
    return answer;
  }

  /**
   * As {@link readCached}; null for what the portal does not show (it was deleted, or the webhook lacks the right): for names
   * and files without which a task is still a task.
   * @throws {Bitrix24Error} when the portal fails
   */
  async readOptional(command: Command): Promise<Json> {
    try {
      return await this.readCached(command, (answer) => answer !== null);
    } catch (error) {
      if (error instanceof Bitrix24Error && OPTIONAL.includes(error.failure)) return null;
      throw error;
    }
  }

  /** @throws {Bitrix24Error}; an ambiguous one may have taken effect. */
  write(command: Command): Promise<Json> {
    return this.#writes.call(command);
  }
}
