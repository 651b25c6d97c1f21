/** Structured logging: one line per event, a stable code, fields by name. Bodies and secrets are never logged. */
import { getLogger, type Logger } from "@logtape/logtape";

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Every line has a stable `code` (`worker.published`, `amqp.connection_lost`) that alerts and runbooks can rely on, a
 * sentence for people, and fields. Common field names: taskId, topic, system, processInstanceId, queue, attempt, durationMs.
 */
export interface Log {
  debug(code: string, message: string, fields?: LogFields): void;
  info(code: string, message: string, fields?: LogFields): void;
  warn(code: string, message: string, fields?: LogFields): void;
  error(code: string, message: string, fields?: LogFields): void;
  /** A log that adds these fields to every line. */
  with(fields: LogFields): Log;
}

/** The log of a program; nothing is written until `configureLogging` was called once in the process. */
export function logOf(program: string): Log {
  return wrap(getLogger(["exchanger", program]), {});
}

function wrap(logger: Logger, bound: LogFields): Log {
  const write = (level: "debug" | "info" | "warn" | "error") => (code: string, message: string, fields?: LogFields) =>
    // The text goes in as a value: in a template LogTape would look for names in its braces.
    logger[level]("{msg}", { ...bound, ...fields, code, msg: message });
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    with: (fields) => wrap(logger, { ...bound, ...fields }),
  };
}
