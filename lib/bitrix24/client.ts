/**
 * The portal's classic REST interface through an incoming webhook. Nothing is repeated here: only callers know what may be.
 * The webhook's URL is a secret and appears in no error.
 */
import { z } from "zod";
import { HttpClient, HttpError } from "../http/http_client.ts";
import { type Json, json, type JsonObject, jsonObject } from "../messages/json.ts";
import type { Clock } from "../time/clock.ts";
import { Bitrix24Error, portalError } from "./bitrix24_error.ts";
import { OperatingBudget } from "./operating_budget.ts";
import { encodePhpQuery, phpValues } from "./php_query.ts";
import { RequestBucket, type RequestLimit } from "./request_bucket.ts";

export interface Bitrix24ClientOptions {
  readonly webhookUrl: string;
  readonly timeoutMs: number;
  /** This program's share of the portal's limit. */
  readonly limit: RequestLimit;
  /** Seconds that each method may work per ten minutes. @default 0, not limited */
  readonly operatingLimitS?: number;
  readonly caFile?: string | undefined;
  readonly clock: Clock;
}

export interface Command {
  /** `tasks.task.list` */
  readonly method: string;
  readonly params: JsonObject;
}

/** What became of one command of a batch. */
export type CommandResult =
  | { readonly ok: true; readonly result: Json }
  | { readonly ok: false; readonly error: Bitrix24Error };

const OPERATING_LIMIT = "OPERATION_TIME_LIMIT";

/** The vendor's limit for one batch. */
export const BATCH_LIMIT = 50;

const code = z.union([z.string(), z.number()]).transform(String);
const failedAnswer = z.looseObject({ error: code, error_description: z.string().nullish() });
const answer = z.looseObject({ result: json });
const operatingTime = z.looseObject({ operating: z.number(), operating_reset_at: z.number() });
const timedAnswer = z.looseObject({ time: operatingTime });
/** PHP writes an empty map as `[]`. */
const commandMap = jsonObject.or(z.array(z.never()).transform((): JsonObject => ({}))).nullish();
const batchAnswer = z.looseObject({ result: commandMap, result_error: commandMap, result_time: commandMap });

export class Bitrix24Client implements Disposable {
  readonly #http: HttpClient;
  readonly #bucket: RequestBucket;
  readonly #operating: OperatingBudget;

  constructor(options: Bitrix24ClientOptions) {
    this.#bucket = new RequestBucket(options.limit, options.clock);
    this.#operating = new OperatingBudget(options.operatingLimitS ?? 0, options.clock);
    this.#http = new HttpClient({
      name: "Bitrix24",
      baseUrl: options.webhookUrl,
      settingName: "BITRIX_WEBHOOK_URL",
      timeoutMs: options.timeoutMs,
      caFile: options.caFile,
      hideUrl: true,
      // A task must never be created by a request that was sent twice.
      keepAlive: false,
    });
  }

  /**
   * Calls one method and returns its `result`.
   * @throws {Bitrix24Error}
   */
  call(method: string, params: JsonObject, signal: AbortSignal): Promise<Json> {
    return this.#call(method, params, new Map([[method, 1]]), signal);
  }

  /** `charged` counts the calls that the portal's working time is charged for, by method. */
  async #call(
    method: string,
    params: JsonObject,
    charged: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ): Promise<Json> {
    try {
      await this.#operating.take(charged, signal);
      await this.#bucket.take(signal);
    } catch (error) {
      if (error instanceof Bitrix24Error) throw error;
      throw new Bitrix24Error("unavailable", "aborted", "Not asked of Bitrix24: we are stopping.");
    }
    try {
      const { status, text } = await this.#http.request({ method: "POST", path: `/${method}`, json: params, signal });
      return this.#resultOf(status, text, method);
    } catch (error) {
      if (error instanceof HttpError) {
        throw new Bitrix24Error("unavailable", error.kind, error.message, error.ambiguous);
      }
      throw error;
    }
  }

  /**
   * Runs up to 50 commands in order with one request; each fails by itself. One result per command, in order.
   * @throws {Bitrix24Error} when the batch as a whole failed: nothing is known about any command.
   */
  async batch(commands: readonly Command[], signal: AbortSignal): Promise<CommandResult[]> {
    if (commands.length === 0) return [];
    // Keys that are no numbers, since PHP would turn a map with the keys 0, 1, 2… into a list.
    const cmd = Object.fromEntries(
      commands.map(({ method, params }, index) => [`c${index}`, `${method}?${encodePhpQuery(params)}`]),
    );
    const charged = new Map(
      [...Map.groupBy(commands, ({ method }) => method)].map(([method, all]) => [method, all.length]),
    );
    const parsed = batchAnswer.safeParse(await this.#call("batch", { halt: 0, cmd }, charged, signal));
    if (!parsed.success) throw strangeAnswer("to a batch");
    const { result, result_error: errors, result_time: times } = parsed.data;
    for (const [index, { method }] of commands.entries()) {
      const time = operatingTime.safeParse(times?.[`c${index}`]).data;
      const isLast = !commands.slice(index + 1).some((later) => later.method === method);
      if (time !== undefined && isLast) this.#operating.record(method, time, charged.get(method) ?? 1);
    }
    return commands.map(({ method }, index): CommandResult => {
      const key = `c${index}`;
      const failed = failedAnswer.safeParse(errors?.[key]);
      if (failed.success) {
        if (failed.data.error === OPERATING_LIMIT) this.#operating.block(method);
        return { ok: false, error: portalError(200, failed.data.error, failed.data.error_description ?? "") };
      }
      const value = result?.[key];
      if (value !== undefined) return { ok: true, result: value };
      const message = `Bitrix24 left ${method} out of its answer to a batch.`;
      return { ok: false, error: new Bitrix24Error("fault", "unanswered", message, true) };
    });
  }

  /**
   * Any number of commands, up to `size` to a batch, never rejecting. A request that fails as a whole fails each of its
   * commands, as `unavailable` unless it says more, since it speaks of none of them; those after it are not sent.
   */
  async runAll(commands: readonly Command[], size: number, signal: AbortSignal): Promise<CommandResult[]> {
    const results: CommandResult[] = [];
    while (results.length < commands.length) {
      const next = nextRequest(commands.slice(results.length), size);
      try {
        results.push(...await this.#run(next, signal));
      } catch (error) {
        if (!(error instanceof Bitrix24Error)) throw error;
        const failure = error.failure === "limited" || error.failure === "denied" ? error.failure : "unavailable";
        const failed = (ambiguous: boolean): CommandResult => ({
          ok: false,
          error: new Bitrix24Error(failure, error.code, error.message, ambiguous),
        });
        const unsent = commands.length - results.length - next.length;
        results.push(
          ...next.map(() => failed(error.ambiguous)),
          ...Array.from({ length: unsent }, () => failed(false)),
        );
      }
    }
    return results;
  }

  /** @throws {Bitrix24Error} when the request as a whole failed */
  async #run(commands: readonly Command[], signal: AbortSignal): Promise<CommandResult[]> {
    const [first] = commands;
    if (first === undefined || commands.length > 1 || fitsBatch(first)) return await this.batch(commands, signal);
    try {
      return [{ ok: true, result: await this.call(first.method, first.params, signal) }];
    } catch (error) {
      if (!(error instanceof Bitrix24Error) || error.isAboutPortal) throw error;
      return [{ ok: false, error }];
    }
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }

  #resultOf(status: number, text: string, method: string): Json {
    const body = parsedJson(text);
    const time = timedAnswer.safeParse(body).data?.time;
    if (time !== undefined && method !== "batch") this.#operating.record(method, time, 1);
    const failed = failedAnswer.safeParse(body);
    if (failed.success) {
      const error = portalError(status, failed.data.error, failed.data.error_description ?? "");
      if (error.code === "QUERY_LIMIT_EXCEEDED") this.#bucket.fill();
      if (error.code === OPERATING_LIMIT) this.#operating.block(method);
      throw error;
    }
    const succeeded = answer.safeParse(body);
    if (status === 200 && succeeded.success) return succeeded.data.result;
    if (status >= 300 && status < 500) {
      const message =
        `Bitrix24 answered ${status} without an error of its own. Does BITRIX_WEBHOOK_URL lead to the portal?`;
      throw new Bitrix24Error("denied", `http_${status}`, message);
    }
    throw strangeAnswer(`with status ${status}`);
  }
}

/** The commands that travel together next: as many as may, or one that has to travel alone. */
function nextRequest(commands: readonly Command[], size: number): readonly Command[] {
  const next = commands.slice(0, size);
  const alone = next.findIndex((command) => !fitsBatch(command));
  return alone < 0 ? next : next.slice(0, Math.max(alone, 1));
}

/** PHP drops, without a word, what a command of a batch has beyond 1,000 values (its `max_input_vars`). */
const MOST_VALUES = 900;

/**
 * Whether a batch carries the command faithfully: it would also put another command's answer in place of a text such as
 * `$result[a][b]`, whoever wrote it. As JSON, alone, a command loses nothing.
 */
function fitsBatch({ params }: Command): boolean {
  const values = phpValues(params);
  return values.length <= MOST_VALUES && !values.some((value) => value.includes("$result["));
}

/** A gateway's page, or half an answer: whether the portal acted is unknown. */
function strangeAnswer(to: string): Bitrix24Error {
  return new Bitrix24Error("unavailable", "strange_answer", `Bitrix24 gave no usable answer ${to}.`, true);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
