/**
 * Outgoing webhooks: the portal tells registered addresses which task changed, and nothing but its id (the vendor's
 * `events-tasks/*.md`, `local-webhooks.md`). Each is told once; whether that arrives is nobody's concern here.
 */
import { encodePhpQuery } from "../../lib/bitrix24/php_query.ts";
import type { JsonObject } from "../../lib/messages/json.ts";
import { joinSignals } from "../../lib/time/joined_signal.ts";
import { Semaphore } from "../../lib/time/semaphore.ts";

export type TaskEvent = "ONTASKADD" | "ONTASKUPDATE" | "ONTASKDELETE";

export interface Webhook {
  readonly url: string;
  /** Sent along, so that the receiver knows who speaks. */
  readonly applicationToken: string;
  /** @default all three */
  readonly events?: readonly TaskEvent[];
}

const AT_ONCE = 10;
/** The vendor gives no number; a receiver that hangs must not keep the others waiting. */
const TIMEOUT_MS = 10_000;
const UNDEFINED = "undefined";

export class Webhooks implements AsyncDisposable {
  readonly #registered: Webhook[] = [];
  readonly #slots = new Semaphore(AT_ONCE);
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  // Without idle connections: Deno's fetch repeats a POST by itself when a reused one breaks.
  readonly #http = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

  /** `origin` is the portal's own address. */
  constructor(private readonly origin: string) {}

  /** Returns its `event_handler_id`. */
  register(webhook: Webhook): string {
    return String(this.#registered.push(webhook));
  }

  /** Sends the event to whoever wants it, some time later. */
  notify(event: TaskEvent, taskId: number): void {
    if (this.#stop.signal.aborted) return;
    for (const [index, webhook] of this.#registered.entries()) {
      if (webhook.events?.includes(event) === false) continue;
      const { host } = new URL(this.origin);
      const body = encodePhpQuery({
        event,
        event_handler_id: String(index + 1),
        data: dataOf(event, taskId),
        ts: Math.floor(Date.now() / 1000),
        auth: {
          domain: host,
          client_endpoint: `${this.origin}/rest/`,
          server_endpoint: "https://oauth.bitrix.info/rest/",
          member_id: "0123456789abcdef0123456789abcdef",
          application_token: webhook.applicationToken,
        },
      });
      const sending = this.#slots.run(() => this.#send(webhook.url, body)).catch(() => {});
      this.#underWay.add(sending);
      sending.finally(() => this.#underWay.delete(sending));
    }
  }

  async #send(url: string, body: string): Promise<void> {
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), TIMEOUT_MS);
    using either = joinSignals(this.#stop.signal, tooLong.signal);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body,
        redirect: "manual",
        client: this.#http,
        signal: either.signal,
      });
      await response.body?.cancel();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Breaks off what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await Promise.all(this.#underWay);
    this.#http.close();
  }
}

function dataOf(event: TaskEvent, taskId: number): JsonObject {
  const fields = { ID: taskId };
  switch (event) {
    case "ONTASKADD":
      return sides(UNDEFINED, fields, "N", UNDEFINED);
    case "ONTASKUPDATE":
      return sides(fields, fields, UNDEFINED, UNDEFINED);
    case "ONTASKDELETE":
      return sides(fields, UNDEFINED, UNDEFINED, "N");
  }
}

function sides(
  before: JsonObject | string,
  after: JsonObject | string,
  couldRead: string,
  canRead: string,
): JsonObject {
  return {
    FIELDS_BEFORE: before,
    FIELDS_AFTER: after,
    IS_ACCESSIBLE_BEFORE: couldRead,
    IS_ACCESSIBLE_AFTER: canRead,
  };
}
