/** What a command that failed says, and with which exit code. */
import { BpmnParseError } from "../bpmn/bpmn_parse_error.ts";
import { Bitrix24Error } from "../bitrix24/bitrix24_error.ts";
import { CamundaError } from "../camunda/camunda_error.ts";
import { SettingsError } from "../config/require_settings.ts";
import { HttpError } from "../http/http_error.ts";
import { exitCode } from "../program/exit_code.ts";
import { StormError } from "../stormbpmn/storm_error.ts";
import { errorText } from "../telemetry/error_text.ts";
import { CommandError } from "./commands/context.ts";

export interface Failure {
  readonly text: string;
  readonly exitCode: number;
  /** Not about one diagram: any other would have failed as well. */
  readonly isAboutService: boolean;
}

export function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return { text: `Stopped: ${errorText(signal.reason)}.`, exitCode: 1, isAboutService: true };
  const isAboutService = isServiceFailure(error);
  return { text: errorText(error), exitCode: codeOf(error, isAboutService), isAboutService };
}

function codeOf(error: unknown, isAboutService: boolean): number {
  if (error instanceof SettingsError) return exitCode.settings;
  return isAboutService ? exitCode.dependency : exitCode.failure;
}

function isServiceFailure(error: unknown): boolean {
  if (error instanceof StormError) return error.isAboutService;
  if (error instanceof SettingsError) return true;
  if (error instanceof HttpError) return error.kind !== "too_large";
  if (error instanceof Bitrix24Error) return true;
  // Without a type it did not come from Camunda, but from something in its place.
  if (error instanceof CamundaError) return error.type === undefined || [401, 403, 503].includes(error.status);
  return false;
}

/** Whether people can do something about it as it stands; else a stack helps those who repair the program. */
export function isExpected(error: unknown): boolean {
  return [CommandError, SettingsError, StormError, HttpError, CamundaError, Bitrix24Error, BpmnParseError]
    .some((kind) => error instanceof kind);
}
