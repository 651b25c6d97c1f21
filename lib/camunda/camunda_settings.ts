/** How to reach Camunda and how long it may hold what we take from it. */
import type { SettingFault } from "../config/read_settings.ts";
import { boolean, choice, durationMs, integer, text, textSchema, url } from "../config/schemas.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import type { Log } from "../telemetry/log.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_LEASE_MS = 24 * HOUR_MS;
const LONGEST_LEASE_MS = 7 * 24 * HOUR_MS;
/** FetchAndLockHandlerImpl.MAX_REQUEST_TIMEOUT: a longer poll is answered 400. */
const LONGEST_POLL_MS = 1_800_000;

const baseUrl = textSchema(
  "must be a URL that begins with http:// or https://",
  (input) => url({ protocols: ["http:", "https:"] }).safeParse(input).data?.replace(/\/+$/, ""),
);

export const camundaSettings = {
  CAMUNDA_BASE_URL: {
    schema: baseUrl,
    doc: "Root of the engine's REST API, used as it stands for all calls; mostly it ends in /engine-rest.",
    example: "https://camunda.internal/engine-rest",
  },
  CAMUNDA_AUTH_ENABLED: {
    schema: boolean,
    doc: "Whether calls carry credentials: the user name and password, or the bearer token if there is one.",
    example: "true",
    default: "true",
  },
  CAMUNDA_AUTH_USERNAME: {
    schema: text,
    doc: "User for HTTP Basic.",
    example: "exchanger",
    optional: true,
  },
  CAMUNDA_AUTH_PASSWORD: {
    schema: text,
    doc: "Password of CAMUNDA_AUTH_USERNAME.",
    example: "change-me",
    optional: true,
    secret: true,
  },
  CAMUNDA_BEARER_TOKEN: {
    schema: text,
    doc: "Token sent in place of user name and password, for an engine behind a gateway.",
    example: "change-me",
    optional: true,
    secret: true,
  },
  CAMUNDA_CA_FILE: {
    schema: text,
    doc: "PEM file of the authority that signed Camunda's certificate, when it is a private one.",
    example: "/etc/exchanger/camunda-ca.pem",
    optional: true,
  },
  CAMUNDA_TENANT_ID: {
    schema: text,
    doc: "Only tasks of this tenant are taken. Without it those of all tenants are.",
    example: "imenaProd",
    optional: true,
  },
  CAMUNDA_WORKER_ID: {
    schema: text,
    doc: "Who holds the locks. The same for all programs of an environment: only the holder can complete a task.",
    example: "universal-worker",
    default: "universal-worker",
  },
  CAMUNDA_MAX_TASKS: {
    schema: integer({ min: 1, max: 1000 }),
    doc: "Most tasks taken at once.",
    example: "100",
    default: "100",
  },
  CAMUNDA_FETCH_LOCK_DURATION: {
    schema: durationMs({ min: 2_000, max: HOUR_MS }),
    doc: "Lock in milliseconds from the fetch to the lease. A task that is lost on the way comes back after it.",
    example: "300000",
    default: "300000",
  },
  CAMUNDA_LOCK_DURATION: {
    schema: durationMs({ min: 60_000 }),
    doc:
      "Lease in milliseconds of a task that people work on; it is renewed for as long as they do, so it only says when a " +
      "lost message is noticed. More than 7 days, as in older files, is taken as 24 h.",
    example: "86400000",
    default: `${DEFAULT_LEASE_MS}`,
  },
  CAMUNDA_ASYNC_TIMEOUT: {
    schema: durationMs({ min: 1_000, max: LONGEST_POLL_MS }),
    doc: "How long in milliseconds Camunda holds a fetch that finds nothing. Proxies often cut at 60 s.",
    example: "20000",
    default: "20000",
    aliases: ["CAMUNDA_ASYNC_RESPONSE_TIMEOUT"],
  },
  CAMUNDA_TIMEOUT_DELTA: {
    schema: durationMs({ min: 1_000 }),
    doc: "Milliseconds beyond CAMUNDA_ASYNC_TIMEOUT after which a fetch counts as dead.",
    example: "5000",
    default: "5000",
    aliases: ["CAMUNDA_TIMEOUT_DELTA_MILLIS"],
  },
  CAMUNDA_HTTP_TIMEOUT: {
    schema: durationMs({ min: 1_000 }),
    doc: "Milliseconds that every other call may take.",
    example: "30000",
    default: "30000",
    aliases: ["CAMUNDA_HTTP_TIMEOUT_MILLIS"],
  },
  CAMUNDA_JSON_VARIABLES: {
    schema: choice(["Json", "String"]),
    doc:
      "Type of variables that hold lists and objects. Json needs Spin in the engine, as the distributions have it; " +
      "without Spin use String: then what is longer than 4000 characters becomes a File, which expressions cannot read.",
    example: "String",
    default: "Json",
  },
} as const satisfies SettingsTable;

export type CamundaSettings = SettingsOf<typeof camundaSettings>;

/** Faults that no single setting shows. */
export function camundaFaults(
  settings: Pick<
    CamundaSettings,
    "CAMUNDA_AUTH_ENABLED" | "CAMUNDA_AUTH_USERNAME" | "CAMUNDA_AUTH_PASSWORD" | "CAMUNDA_BEARER_TOKEN"
  >,
): SettingFault[] {
  if (!settings.CAMUNDA_AUTH_ENABLED || settings.CAMUNDA_BEARER_TOKEN !== undefined) return [];
  const names = ["CAMUNDA_AUTH_USERNAME", "CAMUNDA_AUTH_PASSWORD"] as const;
  return names.filter((name) => settings[name] === undefined).map((name) => ({
    name,
    problem: "is not set; an engine without passwords needs CAMUNDA_AUTH_ENABLED=false",
    example: camundaSettings[name].example,
  }));
}

type LockDuration = Pick<CamundaSettings, "CAMUNDA_LOCK_DURATION">;

/** CAMUNDA_LOCK_DURATION, unless it is one of the predecessor's 365 days, with which a lost message would be a lost task. */
export function leaseMsOf({ CAMUNDA_LOCK_DURATION }: LockDuration, log?: Log): number {
  if (CAMUNDA_LOCK_DURATION <= LONGEST_LEASE_MS) return CAMUNDA_LOCK_DURATION;
  const days = Math.round(CAMUNDA_LOCK_DURATION / (24 * HOUR_MS));
  log?.warn(
    "camunda.lease_shortened",
    `CAMUNDA_LOCK_DURATION says ${days} days; 24 hours are taken: leases are renewed`,
  );
  return DEFAULT_LEASE_MS;
}

/** A lease up to a tenth longer or shorter, so that they do not all end together. */
export function spreadLease(leaseMs: number, random: () => number = Math.random): number {
  return Math.round(leaseMs * (0.9 + 0.2 * random()));
}

/** Something that a task may have to wait for between two renewals of its lease. */
export interface LongWait {
  /** The setting that says how long. */
  readonly name: string;
  readonly ms: number;
  readonly example: string;
}

/** A lease must outlive several of the waits, or a task would be fetched again while somebody has it. */
export function leaseFaults(settings: LockDuration, waits: readonly LongWait[]): SettingFault[] {
  const longestMs = leaseMsOf(settings) / 3;
  const problem = "must be at most a third of CAMUNDA_LOCK_DURATION, which has to be renewed in time";
  return waits.filter(({ ms }) => ms > longestMs).map(({ name, example }) => ({ name, problem, example }));
}
