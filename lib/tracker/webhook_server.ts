/**
 * `/webhooks/<system>`: where target systems tell of changes. A call is verified, answered at once and followed up later;
 * one that is lost costs no more than the time until the next look.
 */
import type { Webhook } from "../../adapters/target_system.ts";
import type { SettingFault } from "../config/read_settings.ts";
import { SettingsError } from "../config/require_settings.ts";
import type { SettingsOf } from "../config/setting.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";
import { FailureLog } from "../telemetry/repeats.ts";
import { joinSignals } from "../time/joined_signal.ts";
import { readBody } from "./call_body.ts";
import type { HintLine } from "./hint_line.ts";
import type { trackerSettings } from "./tracker_settings.ts";

export interface WebhookServer extends AsyncDisposable {
  readonly port: number;
}

export interface CalledSystem {
  readonly webhook: Webhook;
  readonly line: HintLine;
}

export interface WebhookServerOptions {
  readonly hostname: string;
  /** 0 lets the system choose one. */
  readonly port: number;
  /** By the name in the path. */
  readonly systems: ReadonlyMap<string, CalledSystem>;
  readonly log: Log;
  /** Closes the port when the program begins to stop, so that a proxy tries the next tracker. */
  readonly signal: AbortSignal;
}

/** Opens the port that the settings ask for; `undefined` when they ask for none. */
export function openWebhookPort(
  settings: Pick<SettingsOf<typeof trackerSettings>, "TRACKER_WEBHOOK_HOST" | "TRACKER_WEBHOOK_PORT">,
  systems: ReadonlyMap<string, CalledSystem>,
  deps: { readonly log: Log; readonly signal: AbortSignal },
): WebhookServer | undefined {
  const { TRACKER_WEBHOOK_HOST: hostname, TRACKER_WEBHOOK_PORT: port } = settings;
  if (port === 0) return undefined;
  try {
    return startWebhookServer({ hostname, port, systems, ...deps });
  } catch (error) {
    const why = error instanceof Deno.errors.AddrInUse
      ? "is taken by another program"
      : `cannot be opened (${errorText(error)})`;
    const fault: SettingFault = {
      name: "TRACKER_WEBHOOK_PORT",
      problem: `${port} on ${hostname} ${why}`,
      example: String(port + 10),
    };
    throw new SettingsError([fault]);
  }
}

/** @throws {Deno.errors.AddrInUse} and what else `Deno.serve` throws when the address cannot be had. */
export function startWebhookServer(options: WebhookServerOptions): WebhookServer {
  const { hostname, port, systems, log, signal } = options;
  // Whoever finds the address can call it: neither a scanner nor a wrong token may fill the log.
  const refusals = new FailureLog(log, { code: "tracker.webhook", what: "A call of a webhook is refused" });
  const stop = new AbortController();
  const closing = joinSignals(signal, stop.signal);
  const server = Deno.serve({
    hostname,
    port,
    signal: closing.signal,
    onListen: () => {},
    onError(error) {
      log.error("tracker.webhook_fault", `A fault in Exchanger: ${errorText(error)}`);
      return new Response(null, { status: 500 });
    },
  }, (request) => answer(request, systems, refusals));
  return {
    port: server.addr.port,
    // Not `shutdown`: it would wait for idle connections of a proxy.
    async [Symbol.asyncDispose]() {
      stop.abort();
      closing[Symbol.dispose]();
      await server.finished;
    },
  };
}

async function answer(
  request: Request,
  systems: ReadonlyMap<string, CalledSystem>,
  refusals: FailureLog,
): Promise<Response> {
  const name = /^\/webhooks\/([^/]+)\/?$/.exec(new URL(request.url).pathname)?.[1] ?? "";
  const system = systems.get(name);
  if (system === undefined) return text(404, "No such webhook");
  if (request.method !== "POST") return text(405, "Webhooks are called with POST", { allow: "POST" });
  const refused = (status: number, reason: string) => {
    system.line.count("refused");
    refusals.failed(new Error(reason), { system: name, status });
    return text(status, "Refused");
  };
  const read = await readBody(request);
  switch (read.kind) {
    case "too_large":
      return refused(413, "its body is too large");
    case "broken_off":
      return refused(408, "its body did not come");
    case "whole":
      break;
  }
  const hint = system.webhook.read({ headers: request.headers, body: read.body });
  switch (hint.kind) {
    case "hint":
      // A proxy in front of several trackers then tries the next one; whoever calls directly does not try again anyway.
      return system.line.give(hint.ids) ? text(200, "OK") : text(503, "Another tracker leads");
    case "ignored":
      system.line.count("ignored");
      return text(200, "OK");
    case "refused":
      return refused(hint.status, hint.reason);
  }
}

function text(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${words}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}
