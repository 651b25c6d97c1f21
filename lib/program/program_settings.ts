/** The settings that every program has. */
import { choice, integer, secondsAsMs, text, textSchema } from "../config/schemas.ts";
import type { SettingsTable } from "../config/setting.ts";

/** The predecessor's level names are read too. */
const logLevel = textSchema("must be one of debug, info, warning, error", (input) => {
  switch (input.toLowerCase()) {
    case "trace":
    case "debug":
      return "debug";
    case "info":
    case "success":
      return "info";
    case "warn":
    case "warning":
      return "warn";
    case "error":
    case "critical":
      return "error";
    default:
      return undefined;
  }
});

/** One `.env` serves all programs, so that several on one machine must not fall on the same port. */
const healthPorts: ReadonlyMap<string, number> = new Map([
  ["worker", 8081],
  ["creator", 8082],
  ["tracker", 8083],
  ["sync", 8084],
]);

const healthPort = textSchema("must be a port from 0 to 65535, or none", (input) => {
  if (input.toLowerCase() === "none") return 0;
  return integer({ min: 0, max: 65535 }).safeParse(input).data;
});

/** The table of a program, by its name (`worker`). */
export function programSettings(program: string) {
  return {
    EXCHANGER_ENV: {
      schema: choice(["prod", "dev"]),
      doc:
        "Which installation this is. Set in the process environment it chooses the file: .env.prod or .env.dev instead of .env.",
      example: "prod",
      optional: true,
    },
    LOG_LEVEL: {
      schema: logLevel,
      doc: "Lines below this level are not written: debug, info, warning or error.",
      example: "debug",
      default: "info",
    },
    LOG_FORMAT: {
      schema: choice(["auto", "json", "pretty"]),
      doc: "json: one JSON object per line. pretty: for people. auto: pretty on a terminal, json elsewhere.",
      example: "json",
      default: "auto",
    },
    HEALTH_HOST: {
      schema: text,
      doc:
        "Address that /healthz, /readyz and /metrics are served on. 0.0.0.0 opens them to the network, without a password.",
      example: "0.0.0.0",
      default: "127.0.0.1",
    },
    HEALTH_PORT: {
      schema: healthPort,
      doc: "Their port; 0 or none closes it. Set it per program when several run on one machine; " +
        `without it they take ${[...healthPorts].map(([name, port]) => `${port} (${name})`).join(", ")}.`,
      example: "8081",
      default: String(healthPorts.get(program) ?? 0),
    },
    EXCHANGER_DRAIN_TIMEOUT_SECONDS: {
      schema: secondsAsMs({ max: 3600 }),
      doc:
        "After SIGTERM, how long work in hand may take to be finished before it is given back. Keep it below the stop " +
        "time-out of systemd (90 s) or Kubernetes (30 s).",
      example: "60",
      default: "25",
    },
    EXCHANGER_STALL_LIMIT_SECONDS: {
      schema: secondsAsMs({ min: 1 }),
      doc:
        "A loop that stands still for longer, without saying what it waits for, makes /healthz fail and systemd restart the program.",
      example: "600",
      default: "300",
    },
  } as const satisfies SettingsTable;
}
