/** Simulated StormBPMN and Camunda with a folder between them, and exchanger-sync's commands run in this process. */
import { join } from "node:path";
import { requireSettings, SettingsError } from "../../../../lib/config/require_settings.ts";
import { exitCode } from "../../../../lib/program/exit_code.ts";
import { commandContext } from "../../../../lib/sync/command_context.ts";
import { parseSyncArguments } from "../../../../lib/sync/command_line.ts";
import { failureOf } from "../../../../lib/sync/failure.ts";
import { syncSettings } from "../../../../lib/sync/sync_settings.ts";
import { systemClock } from "../../../../lib/time/clock.ts";
import { type CamundaSimulator, startCamundaSimulator } from "../../../../simulators/camunda/simulator.ts";
import { drawnDiagrams, putDrawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { startStormSimulator, type StormSimulator } from "../../../../simulators/stormbpmn/simulator.ts";
import { commands, services } from "../../../../sync.ts";
import { silentLog } from "../../camunda/camunda_fixture.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SyncPlace extends AsyncDisposable {
  readonly storm: StormSimulator;
  readonly camunda: CamundaSimulator;
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
  /** A path in the folder. */
  path(name: string): string;
  files(): string[];
  run(args: readonly string[], more?: RunOptions): Promise<Ended>;
}

/** Of the drawn diagrams, those that call others. */
const callers = drawnDiagrams.filter(({ links }) => links.length > 0).map(({ id }) => id);

export interface RunOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** @default false */
  readonly isTty?: boolean;
}

/** With the drawn diagrams in StormBPMN unless `empty`. */
export async function openSyncPlace({ empty = false } = {}): Promise<SyncPlace> {
  const storm = await startStormSimulator();
  const camunda = await startCamundaSimulator();
  const folder = await Deno.makeTempDir({ prefix: "exchanger-sync-" });
  if (!empty) putDrawnDiagrams(storm.diagrams);
  const settings = {
    STORMBPMN_BASE_URL: storm.baseUrl,
    STORMBPMN_API_KEY: storm.apiKey,
    STORMBPMN_BEARER_TOKEN: storm.bearerToken,
    STORMBPMN_REQUESTS_PER_MINUTE: "0",
    STORMBPMN_RETRY_ATTEMPTS: "1",
    CAMUNDA_BASE_URL: camunda.baseUrl,
    CAMUNDA_AUTH_ENABLED: "false",
    CAMUNDA_TENANT_ID: "imenaProd",
    // The simulated engine runs no call activities.
    SYNC_EXCLUDE_DIAGRAM_IDS: callers.join(),
  };
  return {
    storm,
    camunda,
    folder,
    settings,
    path: (name) => join(folder, name),
    files: () => [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted(),
    run: (args, { settings: more = settings, isTty = false } = {}) => runCommand(args, more, isTty),
    async [Symbol.asyncDispose]() {
      await storm[Symbol.asyncDispose]();
      await camunda[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** As the process does it, with its output kept. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  isTty = false,
): Promise<Ended> {
  const out = new Kept();
  const err = new Kept();
  const ended = (code: number): Ended => ({ code, stdout: out.text, stderr: err.text });
  const asked = parseSyncArguments(args, commands, services);
  if (asked.kind === "answered") return { code: asked.exitCode, stdout: asked.stdout, stderr: asked.stderr };
  if (asked.kind !== "command") throw new Error(`${args.join(" ")} is no command`);
  const { signal } = new AbortController();
  const context = commandContext({
    settings: requireSettings(syncSettings, environment),
    signal,
    clock: systemClock,
    log: silentLog,
    streams: { stdout: out, stderr: { writeSync: (bytes) => err.writeSync(bytes), isTerminal: () => isTty } },
    columns: 80,
    hideSecrets: (text) => text,
  });
  try {
    return ended(await asked.work(context));
  } catch (error) {
    const failure = failureOf(error, signal);
    context.stderr(failure.text);
    return ended(error instanceof SettingsError ? exitCode.settings : failure.exitCode);
  }
}

class Kept {
  text = "";

  writeSync(bytes: Uint8Array): number {
    this.text += new TextDecoder().decode(bytes);
    return bytes.length;
  }
}
