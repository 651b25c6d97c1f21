/** One of StormBPMN's APIs as requests with a parsed answer or a `StormError`; which requests there are, the clients say. */
import type { z } from "zod";
import { type HttpAnswer, HttpClient, HttpError, type HttpRequest } from "../http/http_client.ts";
import { SecretFilter } from "../telemetry/secret_filter.ts";
import type { Log } from "../telemetry/log.ts";
import { Backoff } from "../time/backoff.ts";
import type { Clock } from "../time/clock.ts";
import type { RequestLimiter } from "./request_limiter.ts";
import { answerError, type Asked, StormError } from "./storm_error.ts";

export interface StormRestOptions {
  /** `https://stormbpmn.com/public-api/v1` */
  readonly baseUrl: string;
  readonly credential: Asked["credential"];
  /** What carries the credential; asked for each request, so that a renewed one counts at once. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** What no error may quote, now. */
  readonly secrets: () => readonly string[];
  readonly timeoutMs: number;
  /** Of one request, repetitions included. */
  readonly attempts: number;
  readonly retryDelayMs: number;
  readonly caFile?: string | undefined;
  /** @default Math.random */
  readonly random?: () => number;
}

export interface StormRestDeps {
  readonly limiter: RequestLimiter;
  readonly clock: Clock;
  readonly log: Log;
}

/** A request for something. */
export interface StormRequest extends Omit<Asked, "credential"> {
  readonly path: string;
  readonly query?: HttpRequest["query"];
}

/** The cloud takes drawings of up to 10 MB; in JSON, with what is escaped, they are larger. */
const LARGEST_ANSWER_BYTES = 24 * 1024 * 1024;
const LONGEST_RETRY_DELAY_MS = 60_000;
/** A second 429 already endangers the account. */
const ATTEMPTS_OVER_LIMIT = 2;

export class StormRest implements Disposable {
  readonly #http: HttpClient;

  constructor(private readonly options: StormRestOptions, private readonly deps: StormRestDeps) {
    this.#http = new HttpClient({
      name: "StormBPMN",
      baseUrl: options.baseUrl,
      settingName: "STORMBPMN_BASE_URL",
      headers: () => ({ accept: "application/json", ...options.headers() }),
      timeoutMs: options.timeoutMs,
      caFile: options.caFile,
      maxResponseBytes: LARGEST_ANSWER_BYTES,
      // A request that fetch repeats by itself would be one that the limiter does not know of.
      keepAlive: false,
    });
  }

  /**
   * Asks, again if it failed in passing.
   * @throws {StormError}
   */
  async read<T>(schema: z.ZodType<T>, request: StormRequest, signal: AbortSignal): Promise<T> {
    const backoff = new Backoff({
      firstMs: this.options.retryDelayMs,
      capMs: LONGEST_RETRY_DELAY_MS,
      ...(this.options.random === undefined ? {} : { random: this.options.random }),
    });
    for (let attempt = 1;; attempt++) {
      try {
        return this.#parsed(schema, request, await this.#send(request, signal));
      } catch (error) {
        if (!(error instanceof StormError) || !error.passing || attempt >= this.#attemptsAfter(error)) throw error;
        const delayMs = backoff.nextMs();
        this.deps.log.warn("storm.retry", error.message, { attempt, delayMs: Math.round(delayMs) });
        await this.#sleep(delayMs, signal);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }

  #attemptsAfter({ failure }: StormError): number {
    return failure === "limited" ? Math.min(this.options.attempts, ATTEMPTS_OVER_LIMIT) : this.options.attempts;
  }

  async #send(request: StormRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { path, query } = request;
    const call: HttpRequest = { method: "GET", path, ...(query === undefined ? {} : { query }), signal };
    try {
      const answer = await this.deps.limiter.run(() => this.#http.request(call), signal);
      this.deps.log.debug("storm.call", `GET ${path}: ${answer.status}`, { status: answer.status });
      if (answer.ok) return answer;
      throw answerError(answer.status, answer.text, this.#asked(request), (text) => this.#hide(text));
    } catch (error) {
      if (error instanceof StormError) throw error;
      if (signal.aborted) throw stopping();
      if (error instanceof HttpError) throw networkError(error);
      throw error;
    }
  }

  #parsed<T>(schema: z.ZodType<T>, request: StormRequest, answer: HttpAnswer): T {
    let body: unknown;
    try {
      body = JSON.parse(answer.text);
    } catch {
      throw noJson(request, answer);
    }
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "all"}: ${message}`);
    const message = `StormBPMN's answer for ${request.what} is not as expected: ${faults.join("; ")}.`;
    throw new StormError("fault", "strange_answer", message);
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.deps.clock.sleep(ms, signal);
    } catch {
      throw stopping();
    }
  }

  #asked({ what, namesDiagram }: StormRequest): Asked {
    return { what, namesDiagram, credential: this.options.credential };
  }

  /** Servers have been seen to quote what they were sent. */
  #hide(text: string): string {
    return new SecretFilter(this.options.secrets()).hide(text);
  }
}

function noJson({ what }: StormRequest, { status, text }: HttpAnswer): StormError {
  const code = "strange_answer";
  if (/^\s*[{[]/.test(text)) {
    return new StormError("fault", code, `StormBPMN's answer for ${what} is broken off or damaged.`);
  }
  const message =
    `For ${what} came ${status} and something that is not JSON. Does STORMBPMN_BASE_URL lead to StormBPMN, ` +
    "and not to a proxy or a login page?";
  return new StormError("unavailable", code, message);
}

function networkError({ kind, message }: HttpError): StormError {
  // It would be as large the next time.
  if (kind === "too_large") return new StormError("rejected", kind, message);
  // Settings do not mend themselves.
  const passing = kind === "timeout" || kind === "reset" || kind === "refused" || kind === "other";
  return new StormError("unavailable", kind, message, passing);
}

function stopping(): StormError {
  return new StormError("unavailable", "aborted", "StormBPMN was not asked to the end: we are stopping.");
}
