/** What LOG_FORMAT means where lines are written. */
import type { LogFormat } from "../telemetry/configure_logging.ts";

/** `auto`: for people on a terminal, for machines elsewhere. */
export function logFormatFor(setting: "auto" | LogFormat, stream: { isTerminal(): boolean }): LogFormat {
  if (setting !== "auto") return setting;
  return stream.isTerminal() ? "pretty" : "json";
}
