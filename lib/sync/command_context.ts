/** What a command is handed when a person runs it at the command line. */
import { writeLine } from "../telemetry/configure_logging.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";
import type { CommandContext } from "./commands/context.ts";
import { openCamunda, openDeployer, openPull, openStorm } from "./open_systems.ts";
import type { SyncSettings } from "./sync_settings.ts";

/** Where a command writes to. */
export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream & { isTerminal(): boolean };
}

interface Stream {
  writeSync(bytes: Uint8Array): number;
}

export interface ContextDeps {
  readonly settings: SyncSettings;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  readonly streams: Streams;
  /** Of the terminal. */
  readonly columns: number;
  hideSecrets(text: string): string;
}

const ERASE_LINE = "\r\x1b[2K";

/** Names come from outside: none of them may steer the terminal. Tabs and line ends are our own. */
const STEERING = /\r(?!\n)|[^\P{Cc}\r\n\t\u0085]/gu;

export function commandContext(deps: ContextDeps): CommandContext {
  const { settings, signal, clock, log, streams: { stdout, stderr }, hideSecrets } = deps;
  const isTty = stderr.isTerminal();
  let isShown = false;
  const status = (text: string | undefined) => {
    if (!isTty || (text === undefined && !isShown)) return;
    isShown = text !== undefined;
    const line = hideSecrets(text ?? "").replace(/\p{Cc}/gu, " ").slice(0, deps.columns - 1);
    stderr.writeSync(new TextEncoder().encode(`${ERASE_LINE}${line}`));
  };
  const write = (stream: Stream) => (text: string) => {
    status(undefined);
    writeLine(stream, hideSecrets(text.replace(STEERING, "\uFFFD")));
  };
  const open = {
    clock,
    log,
    onWait: (waitMs: number) => status(`StormBPMN's limit: ${Math.ceil(waitMs / 1000)} s until the next request`),
  };
  return {
    settings,
    signal,
    clock,
    log,
    isTty,
    status,
    stdout: write(stdout),
    stderr: write(stderr),
    openStorm: () => openStorm(settings, open),
    openPull: () => openPull(settings, open),
    openCamunda: () => openCamunda(settings, open),
    openDeployer: (options) => openDeployer(settings, open, options),
  };
}
