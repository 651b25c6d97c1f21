/**
 * Calls that are made at the same time and travel together, up to 50 to a request: code that handles one task reads as if
 * it were alone, and 50 tasks handled side by side cost hardly more requests than one.
 */
import type { Json } from "../messages/json.ts";
import type { Bitrix24Client, Command, CommandResult } from "./client.ts";

interface Call {
  readonly command: Command;
  readonly resolve: (result: Json) => void;
  readonly reject: (error: unknown) => void;
}

export class GatheredCalls {
  #gathering: Call[] = [];

  /** @param size most commands in a request */
  constructor(
    private readonly client: Pick<Bitrix24Client, "runAll">,
    private readonly size: number,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws {Bitrix24Error} */
  call(command: Command): Promise<Json> {
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    this.#gathering.push({ command, resolve, reject });
    // Whoever was woken by the last answers has asked its next question before a timer fires.
    if (this.#gathering.length === 1) setTimeout(() => this.#send(), 0);
    return promise;
  }

  /** All are answered at once, so that their next questions travel together again. */
  async #send(): Promise<void> {
    const calls = this.#gathering;
    this.#gathering = [];
    try {
      const results = await this.client.runAll(calls.map(({ command }) => command), this.size, this.signal);
      settle(calls, results);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}

function settle(calls: readonly Call[], results: readonly CommandResult[]): void {
  for (const [index, { resolve, reject }] of calls.entries()) {
    const result = results[index];
    if (result?.ok === true) resolve(result.result);
    else reject(result?.error);
  }
}
