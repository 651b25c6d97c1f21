/** Converts in tests: what comes out, or a failure that shows why nothing did. */
import assert from "node:assert/strict";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import type { ConvertOptions } from "../../../../lib/bpmn/convert/options.ts";
import type { Problem, ReportEntry } from "../../../../lib/bpmn/convert/result.ts";
import { Converted } from "./drawing.ts";

export interface Conversion {
  readonly file: Converted;
  readonly report: readonly ReportEntry[];
  /** `lost Activity_1` */
  readonly told: readonly string[];
  /** Reasons of the entries about an element. */
  reasons(id: string): string[];
}

/** Every conversion in a test also shows that the converted file is converted to itself. */
export async function converted(xml: string, options: ConvertOptions = {}): Promise<Conversion> {
  const result = await convert(xml, options);
  assert.equal(result.kind, "converted", JSON.stringify(result, null, 2));
  const { report } = result;
  const again = await convert(result.xml, options);
  assert.equal(again.kind, "converted", JSON.stringify(again, null, 2));
  assert.equal(again.xml, result.xml);
  return {
    file: new Converted(result.xml),
    report,
    told: report.map(({ kind, elementId = "" }) => `${kind} ${elementId}`.trim()),
    reasons: (id) => report.filter(({ elementId }) => elementId === id).map(({ reason }) => reason),
  };
}

export async function problems(xml: string, options: ConvertOptions = {}): Promise<readonly Problem[]> {
  const result = await convert(xml, options);
  assert.equal(result.kind, "refused", JSON.stringify(result));
  return result.problems;
}
