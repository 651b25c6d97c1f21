/** What the ids in UF_RESULT_ANSWER mean, read from the portal: an administrator may add values at any time. */
import { z } from "zod";
import type { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import type { Clock } from "../../../lib/time/clock.ts";

/** How long a renamed value may go unnoticed. */
const MAX_AGE_MS = 600_000; // 10 min

const id = z.union([z.string(), z.number()]).transform(String);
const FIELD_NAME = "UF_RESULT_ANSWER";
const fieldList = z.array(z.looseObject({ ID: id, FIELD_NAME: z.string() }));
const field = z.looseObject({ LIST: z.array(z.looseObject({ ID: id, VALUE: z.string() })) });

export class AnswerTexts {
  #texts: ReadonlyMap<string, string> = new Map();
  #readAtMs = -Infinity;

  constructor(private readonly client: Bitrix24Client, private readonly clock: Clock) {}

  /**
   * The texts by id; read anew when one of `ids` is unknown or the last reading is old. An id that stays unknown is absent:
   * nobody may take it for a no.
   * @throws {Bitrix24Error} when they must be read and cannot be.
   */
  async covering(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const known = ids.every((id) => this.#texts.has(id));
    if (known && this.clock.now() - this.#readAtMs < MAX_AGE_MS) return this.#texts;
    try {
      this.#texts = await this.#read(signal);
      this.#readAtMs = this.clock.now();
    } catch (error) {
      if (!known) throw error; // else the last good reading still serves
    }
    return this.#texts;
  }

  /** `getlist` finds the field, only `get` shows its values: one request, in which the second command uses the first. */
  async #read(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const [list, details] = await this.client.batch([
      // Read by position: ORDER comes first.
      { method: "task.item.userfield.getlist", params: { ORDER: { ID: "asc" }, FILTER: { FIELD_NAME } } },
      { method: "task.item.userfield.get", params: { ID: "$result[c0][0][ID]" } },
    ], signal);
    if (list?.ok === false) throw list.error;
    const listed = fieldList.safeParse(list?.result).data ?? [];
    const found = listed.find((field) => field.FIELD_NAME === FIELD_NAME);
    if (found === undefined) return new Map();
    const shown = details?.ok === true && listed[0] === found
      ? details.result
      : await this.client.call("task.item.userfield.get", { ID: found.ID }, signal);
    const { data } = field.safeParse(shown);
    return new Map(data?.LIST.map(({ ID, VALUE }) => [ID, VALUE.trim()]));
  }
}
