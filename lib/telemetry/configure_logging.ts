/** Sets up LogTape for this process: one line per event, JSON for machines or coloured text for people. */
import { configureSync, type LogRecord } from "@logtape/logtape";
import { SecretFilter } from "./secret_filter.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFormat = "json" | "pretty";

export interface LoggingOptions {
  readonly format: LogFormat;
  /** Lines below it are not written. */
  readonly level: LogLevel;
  /** Names the writer of lines that belong to no program. */
  readonly service: string;
  /** Literal values that must not be seen in any line. */
  readonly secrets: readonly string[];
  /** Gets every line without its newline. @default standard output, in bursts */
  readonly write?: (line: string) => void;
  /** Only in pretty lines. @default whether standard output is a terminal and NO_COLOR is not set */
  readonly colour?: boolean;
}

export interface Logging {
  /** After secrets were read again. The old ones are hidden on: errors that quote them may still be under way. */
  addSecrets(secrets: readonly string[]): void;
  /** Any text as a log line would show it, for what leaves the process another way. */
  hideSecrets(text: string): string;
}

/** Call once per process; a second call replaces the first. What was logged is written before the event loop turns. */
export function configureLogging(options: LoggingOptions): Logging {
  const write = options.write ?? inBursts((lines) => writeLine(Deno.stdout, lines));
  const colour = options.colour ?? (Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR"));
  const filter = new SecretFilter(options.secrets);
  const secrets = new Set(options.secrets);
  const format = (record: LogRecord) => {
    const line = lineOf(record, options.service);
    return options.format === "json" ? filter.hideInJson(line) : filter.hide(prettyLine(line, colour));
  };
  configureSync({
    reset: true,
    sinks: { lines: (record) => write(format(record)) },
    loggers: [
      { category: ["exchanger"], sinks: ["lines"], lowestLevel: options.level === "warn" ? "warning" : options.level },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "warning" },
    ],
  });
  return {
    addSecrets(more) {
      for (const secret of more) secrets.add(secret);
      filter.replaceSecrets([...secrets]);
    },
    hideSecrets: (text) => filter.hide(text),
  };
}

/**
 * Lines that follow each other without a pause are written together, since each call to the system costs more than making
 * the line. Microtasks run before anything else can happen to the process from inside, its exit included.
 */
function inBursts(write: (lines: string) => void): (line: string) => void {
  let burst: string[] = [];
  return (line) => {
    if (burst.push(line) > 1) return;
    queueMicrotask(() => {
      const lines = burst.join("\n");
      burst = [];
      write(lines);
    });
  };
}

/** Writes one line completely; nothing else of ours can get between its parts. */
export function writeLine(stream: { writeSync(bytes: Uint8Array): number }, line: string): void {
  let rest = new TextEncoder().encode(`${line}\n`);
  while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
}

interface Line {
  readonly time: string;
  readonly level: LogLevel;
  readonly msg: string;
  readonly code: string;
  readonly service: string;
  readonly [field: string]: unknown;
}

function lineOf(record: LogRecord, service: string): Line {
  const { msg, code, ...fields } = record.properties;
  const [root, program] = record.category;
  const fixed = {
    time: new Date(record.timestamp).toISOString(),
    level: levelOf(record.level),
    msg: typeof msg === "string" ? msg : record.message.map(String).join(""),
    code: typeof code === "string" ? code : record.category.join("."),
    service: root === "exchanger" && program !== undefined ? `exchanger-${program}` : service,
  };
  // The first spread gives the order of the keys, the last one keeps a field from posing as one of ours.
  return { ...fixed, ...fields, ...fixed };
}

function levelOf(level: LogRecord["level"]): LogLevel {
  switch (level) {
    case "trace":
    case "debug":
      return "debug";
    case "info":
      return "info";
    case "warning":
      return "warn";
    case "error":
    case "fatal":
      return "error";
  }
}

const ansi = { debug: 2, info: 32, warn: 33, error: 31, dim: 2 } as const;

function prettyLine({ time, level, msg, code, service: _, ...fields }: Line, colour: boolean): string {
  const paint = (style: keyof typeof ansi, text: string) => colour ? `\x1b[${ansi[style]}m${text}\x1b[0m` : text;
  const details = Object.entries(fields).filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${plain(typeof value === "string" ? value : JSON.stringify(value))}`);
  // Local time: people read it beside their clock; JSON lines have UTC.
  const clock = new Date(time).toTimeString().slice(0, 8) + time.slice(19, 23);
  return `${paint("dim", clock)} ${paint(level, level.padEnd(5))} ${onOneLine(msg)}${
    paint("dim", ` ${code}${details.join("")}`)
  }`;
}

function plain(value: string): string {
  return /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value);
}

/** A line break or an escape sequence from outside must not forge a line or steer the terminal. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));
}
