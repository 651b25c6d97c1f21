/** `/healthz`, `/readyz` and `/metrics` on a local port. */
import { Hono } from "hono";
import type { SettingFault } from "../config/read_settings.ts";
import { type Metrics, metricsContentType } from "../telemetry/metrics.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Health } from "./health.ts";

export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

export interface HealthServerOptions {
  readonly hostname: string;
  /** 0 lets the system choose one. */
  readonly port: number;
  readonly health: Health;
  readonly metrics: Pick<Metrics, "render">;
  /** Takes secrets out of reasons: they may quote what another system answered. */
  readonly hideSecrets: (text: string) => string;
}

/** Opens the port that the settings ask for; `server` is `undefined` when they ask for none. */
export function openHealthPort(
  settings: { readonly HEALTH_HOST: string; readonly HEALTH_PORT: number },
  health: Health,
  metrics: Metrics,
  hideSecrets: (text: string) => string,
): { readonly kind: "open"; readonly server: HealthServer | undefined } | {
  readonly kind: "faulty";
  readonly fault: SettingFault;
} {
  const { HEALTH_HOST: hostname, HEALTH_PORT: port } = settings;
  try {
    return {
      kind: "open",
      server: port === 0 ? undefined : startHealthServer({ hostname, port, health, metrics, hideSecrets }),
    };
  } catch (error) {
    const why = error instanceof Deno.errors.AddrInUse
      ? "is taken by another program: every program on a machine needs its own, 0 opens none"
      : `cannot be opened (${errorText(error)})`;
    return {
      kind: "faulty",
      fault: { name: "HEALTH_PORT", problem: `${port} on ${hostname} ${why}`, example: String(port + 10) },
    };
  }
}

/** @throws {Deno.errors.AddrInUse} and what else `Deno.serve` throws when the address cannot be had. */
export function startHealthServer(options: HealthServerOptions): HealthServer {
  const { health, metrics, hideSecrets } = options;
  const app = new Hono()
    .get("/", (context) => context.text("/healthz  /readyz  /metrics\n"))
    .get("/healthz", (context) => {
      const { alive, reasons } = health.liveness();
      return context.json({ alive, reasons: reasons.map(hideSecrets) }, alive ? 200 : 503);
    })
    .get("/readyz", (context) => {
      const { ready, reasons } = health.readiness();
      return context.json({ ready, reasons: reasons.map(hideSecrets) }, ready ? 200 : 503);
    })
    .get("/metrics", async (context) => {
      return context.body(await metrics.render(), 200, { "content-type": metricsContentType });
    });
  const stop = new AbortController();
  const { hostname, port } = options;
  const server = Deno.serve({ hostname, port, signal: stop.signal, onListen: () => {} }, app.fetch);
  return {
    port: server.addr.port,
    // Not `shutdown`: it would wait for idle keep-alive connections of scrapers.
    [Symbol.asyncDispose]() {
      stop.abort();
      return server.finished;
    },
  };
}
