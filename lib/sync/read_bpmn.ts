/** Reads a BPMN file that is only looked at: compared, or drawn. */
import { defaultMaxBytes } from "../bpmn/convert/options.ts";
import { checkText } from "../bpmn/convert/source_text.ts";
import type { Definitions } from "../bpmn/model.ts";
import { readModel } from "../bpmn/moddle.ts";
import { errorText } from "../telemetry/error_text.ts";

/**
 * What moddle cannot read in it is left out without a word: conversion is where that is told.
 * @param failed how an error begins: `The file cannot be drawn`
 * @throws {Error} it is not BPMN, or too large; says why, in words for people
 */
export async function readBpmn(xml: string, failed: string): Promise<Definitions> {
  const checked = checkText(xml, defaultMaxBytes);
  if ("problem" in checked) throw new Error(`${failed}. ${checked.problem.reason}`);
  try {
    return (await readModel(checked.text)).definitions;
  } catch (error) {
    throw new Error(`${failed}, because it is not BPMN 2.0: ${errorText(error)}`, { cause: error });
  }
}
