/** A log that keeps its lines, so that a test can say what was told. */
import type { Log, LogFields } from "../../../lib/telemetry/log.ts";

export class RecordedLog implements Log {
  constructor(readonly codes: string[] = [], readonly messages: string[] = []) {}

  debug(code: string, message: string, _fields?: LogFields): void {
    this.#keep(code, message);
  }
  info(code: string, message: string, _fields?: LogFields): void {
    this.#keep(code, message);
  }
  warn(code: string, message: string, _fields?: LogFields): void {
    this.#keep(code, message);
  }
  error(code: string, message: string, _fields?: LogFields): void {
    this.#keep(code, message);
  }
  with(_fields: LogFields): Log {
    return new RecordedLog(this.codes, this.messages);
  }

  #keep(code: string, message: string): void {
    this.codes.push(code);
    this.messages.push(message);
  }
}
