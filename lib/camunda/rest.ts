/** Camunda's REST API as calls with a parsed answer or a `CamundaError`; which calls there are stands in `client.ts`. */
import { z } from "zod";
import { type HttpAnswer, HttpClient, type HttpRequest } from "../http/http_client.ts";
import { textOr } from "../messages/or_else.ts";
import type { Log } from "../telemetry/log.ts";
import { CamundaError } from "./camunda_error.ts";
import type { CamundaSettings } from "./camunda_settings.ts";
import { parseExactJson } from "./exact_json.ts";

export type CamundaCall = HttpRequest;

/** What a call needs to know of the settings; secrets are read anew for every call. */
export type RestSettings = Pick<
  CamundaSettings,
  | "CAMUNDA_BASE_URL"
  | "CAMUNDA_AUTH_ENABLED"
  | "CAMUNDA_AUTH_USERNAME"
  | "CAMUNDA_AUTH_PASSWORD"
  | "CAMUNDA_BEARER_TOKEN"
  | "CAMUNDA_CA_FILE"
  | "CAMUNDA_HTTP_TIMEOUT"
>;

const RAW_ANSWER_CHARACTERS = 2_000;

const errorBody = z.object({
  type: z.string(),
  message: textOr(""),
  code: z.number().nullish().transform((code) => code ?? undefined),
  details: z.unknown().optional(),
});

export class CamundaRest {
  readonly #http: HttpClient;

  constructor(settings: RestSettings, private readonly deps: { readonly log: Log; readonly http?: HttpClient }) {
    this.#http = deps.http ?? new HttpClient({
      name: "Camunda",
      baseUrl: settings.CAMUNDA_BASE_URL,
      settingName: "CAMUNDA_BASE_URL",
      headers: () => ({ accept: "application/json", ...authorizationOf(settings) }),
      timeoutMs: settings.CAMUNDA_HTTP_TIMEOUT,
      caFile: settings.CAMUNDA_CA_FILE,
    });
  }

  /**
   * A call whose answer is read.
   * @throws {CamundaError} an error status, or an answer of another shape.
   * @throws {HttpError} no answer.
   */
  async read<T>(schema: z.ZodType<T>, call: CamundaCall): Promise<T> {
    const answer = await this.#send(call);
    let body: unknown;
    try {
      body = parseExactJson(answer.text);
    } catch {
      throw foreignAnswer(call, answer, "something that is not JSON");
    }
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw foreignAnswer(call, answer, `JSON of an unexpected shape (${faults.join("; ")})`);
  }

  /** As {@link read}, for calls that answer 204 without a body. */
  async run(call: CamundaCall): Promise<void> {
    const answer = await this.#send(call);
    if (answer.status !== 204) throw foreignAnswer(call, answer, "a body where none belongs");
  }

  close(): void {
    this.#http.close();
  }

  async #send(call: CamundaCall): Promise<HttpAnswer> {
    const startedAt = performance.now();
    const answer = await this.#http.request(call);
    this.deps.log.debug("camunda.call", `${call.method} ${call.path}: ${answer.status}`, {
      status: answer.status,
      durationMs: Math.round(performance.now() - startedAt),
    });
    if (answer.ok) return answer;
    throw errorOf(call, answer);
  }
}

function authorizationOf(settings: RestSettings): Record<string, string> {
  const { CAMUNDA_AUTH_USERNAME: user, CAMUNDA_AUTH_PASSWORD: password, CAMUNDA_BEARER_TOKEN: token } = settings;
  if (!settings.CAMUNDA_AUTH_ENABLED) return {};
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (user === undefined || password === undefined) return {};
  const utf8 = new TextEncoder().encode(`${user}:${password}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...utf8))}` };
}

function errorOf(call: CamundaCall, answer: HttpAnswer): CamundaError {
  const { status } = answer;
  if (status === 401) {
    return new CamundaError(
      "Camunda refused our credentials (401). Are CAMUNDA_AUTH_USERNAME and CAMUNDA_AUTH_PASSWORD (or CAMUNDA_BEARER_TOKEN) right?",
      { status, rawAnswer: beginningOf(answer) },
    );
  }
  const parsed = errorBody.safeParse(jsonOrNothing(answer.text));
  if (!parsed.success) return foreignAnswer(call, answer, "something that is not Camunda's error JSON");
  const { type, message: camundaMessage, code, details } = parsed.data;
  return new CamundaError(`Camunda answered ${call.method} ${call.path} with ${status} ${type}: ${camundaMessage}`, {
    status,
    type,
    camundaMessage,
    ...(code === undefined ? {} : { code }),
    ...(details === undefined ? {} : { details }),
    rawAnswer: beginningOf(answer),
  });
}

function foreignAnswer(call: CamundaCall, answer: HttpAnswer, what: string): CamundaError {
  return new CamundaError(
    `${call.method} ${call.path} was answered with ${answer.status} and ${what}. ` +
      "Does CAMUNDA_BASE_URL lead to the engine's REST API (mostly …/engine-rest), and not to a proxy or a login page?",
    { status: answer.status, rawAnswer: beginningOf(answer) },
  );
}

function beginningOf(answer: HttpAnswer): string {
  return answer.text.slice(0, RAW_ANSWER_CHARACTERS);
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
