/**
 * One server over HTTP: kept-alive connections, a time-out for the whole exchange, a bounded answer, a private authority,
 * and errors that never carry a secret. It repeats nothing itself: only callers know what can be repeated (see `keepAlive`).
 */
import { HttpAnswer } from "./http_answer.ts";
import { HttpError, kindOfFetchError } from "./http_error.ts";

export { HttpAnswer } from "./http_answer.ts";
export { HttpError, type HttpErrorKind } from "./http_error.ts";

export interface HttpClientOptions {
  /** What people call the server: `Camunda`. */
  readonly name: string;
  /** A trailing slash does not matter. */
  readonly baseUrl: string;
  /** The setting that holds `baseUrl`, named in errors: `CAMUNDA_BASE_URL`. */
  readonly settingName: string;
  /** Added to every request; asked anew each time, so that a renewed token counts at once. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** PEM file of a private authority, trusted besides the public ones. */
  readonly caFile?: string | undefined;
  /** A larger answer is refused. @default 67_108_864 */
  readonly maxResponseBytes?: number;
  /** The path of `baseUrl` is a secret: errors name only the host. @default false */
  readonly hideUrl?: boolean;
  /**
   * Whether connections are used again. Deno's fetch sends a request a second time, unasked, when a used connection ends
   * before the answer: servers whose calls must not be repeated get a new connection each. @default true
   */
  readonly keepAlive?: boolean;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `baseUrl`, beginning with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** At most one of `json`, `form` (url-encoded) and `body` (as it is; `FormData` goes as multipart). */
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
  /** In place of the client's. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
/**
 * Below the shortest keep-alive in use (Node.js and uvicorn 5 s, Tomcat 20 s): a request must not be written to a
 * connection that the server is closing, since nobody could tell whether it was read.
 */
const POOL_IDLE_TIMEOUT_MS = 4_000;

export class HttpClient {
  readonly #client: Deno.HttpClient;
  readonly #baseUrl: string;

  /** @throws {Error} when `caFile` cannot be read. */
  constructor(private readonly options: HttpClientOptions) {
    this.#baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.#client = Deno.createHttpClient({
      poolIdleTimeout: POOL_IDLE_TIMEOUT_MS,
      ...(options.keepAlive === false ? { poolMaxIdlePerHost: 0 } : {}),
      ...(options.caFile === undefined ? {} : { caCerts: [Deno.readTextFileSync(options.caFile)] }),
    });
  }

  /**
   * Resolves with any status.
   * @throws {HttpError} when there is no whole answer.
   */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    const { signal } = request;
    const timeoutMs = request.timeoutMs ?? this.options.timeoutMs;
    if (signal?.aborted) throw this.#error(request, "aborted", `not sent, ${reasonOf(signal)}`, false);

    let timedOut = false;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      timedOut = true;
      stop.abort();
    }, timeoutMs);
    const onAbort = () => stop.abort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const response = await fetch(this.#urlOf(request), {
        method: request.method,
        headers: { ...this.options.headers?.(), ...contentTypeOf(request), ...request.headers },
        body: bodyOf(request),
        // A followed redirect would turn POST into GET and hand credentials to whoever is named.
        redirect: "manual",
        signal: stop.signal,
        client: this.#client,
      });
      const bytes = await this.#read(request, response, stop);
      return new HttpAnswer(response.status, response.headers, bytes, this.options);
    } catch (error) {
      if (error instanceof HttpError) throw error;
      if (timedOut) throw this.#error(request, "timeout", `no answer within ${timeoutMs / 1000} s`);
      if (signal?.aborted) throw this.#error(request, "aborted", `given up, ${reasonOf(signal)}`);
      const { kind, detail } = kindOfFetchError(error);
      throw this.#error(request, kind, detail);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Closes idle connections; requests under way fail. */
  close(): void {
    this.#client.close();
  }

  #urlOf({ path, query }: HttpRequest): string {
    const pairs = Object.entries(query ?? {}).flatMap(([key, value]) => value === undefined ? [] : [[key, `${value}`]]);
    return `${this.#baseUrl}${path}${pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`}`;
  }

  async #read(request: HttpRequest, response: Response, stop: AbortController): Promise<Uint8Array<ArrayBuffer>> {
    const limit = this.options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > limit) {
        stop.abort();
        throw this.#error(request, "too_large", `its answer is larger than ${limit} bytes`);
      }
      chunks.push(chunk);
    }
    const bytes = new Uint8Array(size);
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    return bytes;
  }

  #error(request: HttpRequest, kind: HttpError["kind"], detail: string, sent = true): HttpError {
    const { name, settingName, hideUrl } = this.options;
    const { origin, host } = new URL(this.#baseUrl);
    const what = hideUrl
      ? `${name} at ${host} (${request.method})`
      : `${name} at ${origin} (${request.method} ${request.path})`;
    const reached = sent && kind !== "refused" && kind !== "dns" && kind !== "tls";
    return new HttpError(
      `${REACHED.has(kind) ? "No usable answer from" : "Cannot reach"} ${what}: ${detail}.${
        remedyOf(kind, settingName)
      }`,
      kind,
      reached && request.method !== "GET",
    );
  }
}

const REACHED: ReadonlySet<HttpError["kind"]> = new Set(["timeout", "reset", "aborted", "too_large", "other"]);

function remedyOf(kind: HttpError["kind"], settingName: string): string {
  switch (kind) {
    case "refused":
      return ` Is it running, and is ${settingName} right?`;
    case "dns":
      return ` Is ${settingName} right?`;
    case "tls":
      return ` Is ${settingName} right? A private authority is named in the *_CA_FILE setting beside it.`;
    case "timeout":
    case "reset":
    case "aborted":
    case "too_large":
    case "other":
      return "";
  }
}

function contentTypeOf(request: HttpRequest): Record<string, string> {
  // fetch itself knows the type of a form and of FormData.
  return request.json === undefined ? {} : { "content-type": "application/json" };
}

function bodyOf({ json, form, body }: HttpRequest): BodyInit | null {
  if (json !== undefined) return JSON.stringify(json);
  if (form !== undefined) return new URLSearchParams(form);
  return body ?? null;
}

/** Why the caller gave up, if it said so. */
function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error && reason.name === "Error" ? reason.message : "we are stopping";
}
