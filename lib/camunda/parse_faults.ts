/** What Camunda says of a file that it will not deploy. */
import { z } from "zod";
import { CamundaError } from "./camunda_error.ts";

export interface ParseFault {
  readonly message: string;
  /** Name of the resource; absent when only the message tells. */
  readonly resource?: string;
  /** Counted from 1: where the start tag of the element ends. */
  readonly line?: number;
  readonly column?: number;
  /** The element it is about, then others that have to do with it; empty for a fault of XML or of its schema. */
  readonly elementIds: readonly string[];
}

/** `ProblemDto` of 7.24. */
const problem = z.object({
  message: z.string().nullish(),
  line: z.number().nullish(),
  column: z.number().nullish(),
  mainElementId: z.string().nullish(),
  elementIds: z.array(z.string()).nullish(),
  // What engines really write: ProblemDto's field begins with a Cyrillic letter.
  "\u0435lementIds": z.array(z.string()).nullish(),
});
const report = z.object({ errors: z.array(problem).nullish() });
const details = z.record(z.string(), report);

/** XML that is none (EngineUtilLogger), and what stops the parser of BPMN half-way, such as an expression (BpmnParseLogger). */
const NOT_READABLE = /^ENGINE-09\d{3} Could not parse |^ENGINE-01009 Error while parsing process/;

/**
 * Why Camunda refused a deployment because of its content; `undefined` when it failed for another reason. With a process that
 * is faulty comes 400 and all faults in `details`; XML that is not well-formed and expressions that cannot be read come as 500
 * with one message, as a failing database does too.
 */
export function parseFaultsOf(error: unknown): readonly ParseFault[] | undefined {
  if (!(error instanceof CamundaError) || error.type === undefined) return undefined;
  const message = error.camundaMessage ?? "";
  if (error.type !== "ParseException" && !NOT_READABLE.test(message)) return undefined;
  const parsed = details.safeParse(error.details);
  const faults = parsed.success
    ? Object.entries(parsed.data).flatMap(([resource, { errors }]) =>
      (errors ?? []).map((fault) => faultOf(resource, fault))
    )
    : [];
  return faults.length > 0 ? faults : [{ message: message === "" ? error.message : message, elementIds: [] }];
}

function faultOf(resource: string, found: z.infer<typeof problem>): ParseFault {
  const { line, column, mainElementId } = found;
  const ids = [mainElementId ?? "", ...found.elementIds ?? found["\u0435lementIds"] ?? []].filter((id) => id !== "");
  return {
    message: found.message ?? "no reason given",
    resource,
    // 0 is what the engine says when it does not know.
    ...(line !== null && line !== undefined && line > 0 && { line }),
    ...(column !== null && column !== undefined && column > 0 && { column }),
    elementIds: [...new Set(ids)],
  };
}
