/**
 * The portal's classic REST interface through an incoming webhook. Nothing is repeated here: only callers know what may be.
 * The webhook's URL is a secret and appears in no error.
 */
import { z } from "zod";
import { HttpClient, HttpError } from "../http/http_client.ts";
import { type Json, json, type JsonObject, jsonObject } from "../messages/json.ts";
import type { Clock } from "../time/clock.ts";
import { Bitrix24Error, portalError } from "./bitrix24_error.ts";
import { encodePhpQuery } from "./php_query.ts";
import { RequestBucket, type RequestLimit } from "./request_bucket.ts";

export interface Bitrix24ClientOptions {
  readonly webhookUrl: string;
  readonly timeoutMs: number;
  /** This program's share of the portal's limit. */
  readonly limit: RequestLimit;
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

/** The vendor's limit for one batch. */
export const BATCH_LIMIT = 50;

const code = z.union([z.string(), z.number()]).transform(String);
const failedAnswer = z.looseObject({ error: code, error_description: z.string().nullish() });
const answer = z.looseObject({ result: json });
/** PHP writes an empty map as `[]`. */
const commandMap = jsonObject.or(z.array(z.never()).transform((): JsonObject => ({}))).nullish();
const batchAnswer = z.looseObject({ result: commandMap, result_error: commandMap });

export class Bitrix24Client implements Disposable {
  readonly #http: HttpClient;
  readonly #bucket: RequestBucket;

  constructor(options: Bitrix24ClientOptions) {
    this.#bucket = new RequestBucket(options.limit, options.clock);
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
  async call(method: string, params: JsonObject, signal: AbortSignal): Promise<Json> {
    await this.#bucket.take(signal).catch(() => {
      throw new Bitrix24Error("unavailable", "aborted", "Not asked of Bitrix24: we are stopping.");
    });
    try {
      const { status, text } = await this.#http.request({ method: "POST", path: `/${method}`, json: params, signal });
      return this.#resultOf(status, text);
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
    const parsed = batchAnswer.safeParse(await this.call("batch", { halt: 0, cmd }, signal));
    if (!parsed.success) throw strangeAnswer("to a batch");
    const { result, result_error: errors } = parsed.data;
    return commands.map(({ method }, index): CommandResult => {
      const key = `c${index}`;
      const failed = failedAnswer.safeParse(errors?.[key]);
      if (failed.success) {
        return { ok: false, error: portalError(200, failed.data.error, failed.data.error_description ?? "") };
      }
      const value = result?.[key];
      if (value !== undefined) return { ok: true, result: value };
      const message = `Bitrix24 left ${method} out of its answer to a batch.`;
      return { ok: false, error: new Bitrix24Error("fault", "unanswered", message, true) };
    });
  }

  /**
   * Any number of commands, `size` to a batch, never rejecting. A batch that fails as a whole fails each of its commands,
   * as `unavailable` unless it says more, since it speaks of none of them; those after it are not sent.
   */
  async runAll(commands: readonly Command[], size: number, signal: AbortSignal): Promise<CommandResult[]> {
    const results: CommandResult[] = [];
    while (results.length < commands.length) {
      const batch = commands.slice(results.length, results.length + size);
      try {
        results.push(...await this.batch(batch, signal));
      } catch (error) {
        if (!(error instanceof Bitrix24Error)) throw error;
        const failure = error.failure === "limited" || error.failure === "denied" ? error.failure : "unavailable";
        const failed = (ambiguous: boolean): CommandResult => ({
          ok: false,
          error: new Bitrix24Error(failure, error.code, error.message, ambiguous),
        });
        const unsent = commands.length - results.length - batch.length;
        results.push(
          ...batch.map(() => failed(error.ambiguous)),
          ...Array.from({ length: unsent }, () => failed(false)),
        );
      }
    }
    return results;
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }

  #resultOf(status: number, text: string): Json {
    const body = parsedJson(text);
    const failed = failedAnswer.safeParse(body);
    if (failed.success) {
      const error = portalError(status, failed.data.error, failed.data.error_description ?? "");
      if (error.code === "QUERY_LIMIT_EXCEEDED") this.#bucket.fill();
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
