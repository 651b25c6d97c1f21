/**
 * What Camunda's answers to complete, failure, bpmnError, lock and extendLock mean. Each was provoked on an engine 7.24;
 * what follows from them is decided by the callers.
 */
import { HttpError } from "../http/http_client.ts";
import { CamundaError } from "./camunda_error.ts";

/** What is known of the answer, for records that people read. */
export interface AnswerFacts {
  readonly httpStatus?: number;
  readonly camundaType?: string;
  readonly camundaMessage?: string;
  readonly rawAnswer?: string;
}

interface Graded {
  /** One sentence or two for people. */
  readonly reason: string;
  readonly answer: AnswerFacts;
}

export type CamundaGrade =
  & Graded
  & (
    /** The engine knows no such task: completed or cancelled before. */
    | { readonly kind: "gone" }
    /** The instance is suspended; only `/lock` and `/unlock` work. */
    | { readonly kind: "suspended" }
    /** We do not hold it: another worker does, or nobody (`null`: unlocked, or expired under extendLock). */
    | { readonly kind: "other_worker"; readonly lockedBy: string | null }
    /** Somebody changed the same rows at the same time; at once it may work. */
    | { readonly kind: "conflict" }
    /** The request itself is wrong and will be the next time. */
    | { readonly kind: "permanent" }
    /** What comes after the task failed (a gateway, a script); all was rolled back, the task is still locked. */
    | { readonly kind: "process_failed" }
    /** Not an answer to this request: no right, or not Camunda at all. */
    | { readonly kind: "dependency_wrong" }
    /** No answer. `ambiguous`: the request may have taken effect. */
    | { readonly kind: "unavailable"; readonly ambiguous: boolean }
    /** Too many long polls are parked. */
    | { readonly kind: "overloaded" }
  );

/** Codes of ExceptionUtil's BuiltinExceptionCode. */
const OPTIMISTIC_LOCKING = 1;
const DEADLOCK = 10_000;
const COLUMN_TOO_SMALL = 10_002;

/** Grades what a call of `CamundaClient` threw; anything else is a fault of ours and thrown on. */
export function gradeCamundaError(error: unknown): CamundaGrade {
  if (error instanceof HttpError) {
    const { message: reason, ambiguous } = error;
    // Trust is a matter of settings, not of waiting.
    if (error.kind === "tls") return { kind: "dependency_wrong", reason, answer: {} };
    return { kind: "unavailable", ambiguous, reason, answer: {} };
  }
  if (error instanceof CamundaError) return gradeAnswer(error);
  throw error;
}

function gradeAnswer(error: CamundaError): CamundaGrade {
  const { status, type, camundaMessage, rawAnswer } = error;
  const graded = {
    reason: error.message,
    answer: {
      httpStatus: status,
      ...(type === undefined ? {} : { camundaType: type }),
      ...(camundaMessage === undefined ? {} : { camundaMessage }),
      rawAnswer,
    },
  };
  // A proxy may have waited for an answer that Camunda was still working on.
  if (status === 502 || status === 503 || status === 504) return { ...graded, kind: "unavailable", ambiguous: true };
  if (status === 429) return { ...graded, kind: "overloaded" };
  if (type === undefined) return { ...graded, kind: "dependency_wrong" };
  return { ...graded, ...gradeOwnAnswer(status, camundaMessage ?? "", error.code) };
}

function gradeOwnAnswer(
  status: number,
  message: string,
  code: number | undefined,
):
  | {
    readonly kind:
      | "gone"
      | "suspended"
      | "conflict"
      | "permanent"
      | "process_failed"
      | "dependency_wrong"
      | "overloaded";
  }
  | { readonly kind: "other_worker"; readonly lockedBy: string | null } {
  switch (status) {
    case 400: {
      // Only the texts tell these apart: type RestException and code 0 are common to all.
      const holder = /It is locked by worker '(.*)'\.?$/.exec(message)?.[1];
      if (holder !== undefined) return { kind: "other_worker", lockedBy: holder === "null" ? null : holder };
      if (/^Cannot extend a lock that expired/.test(message)) return { kind: "other_worker", lockedBy: null };
      if (/\bis suspended\b/.test(message)) return { kind: "suspended" };
      return { kind: "permanent" };
    }
    case 404:
      return { kind: /^External task with id .* does not exist$/.test(message) ? "gone" : "dependency_wrong" };
    case 401:
    case 403:
    case 405:
      return { kind: "dependency_wrong" };
    case 500:
      if (/too many requests/.test(message)) return { kind: "overloaded" };
      if (code === OPTIMISTIC_LOCKING || code === DEADLOCK) return { kind: "conflict" };
      return { kind: code === COLUMN_TOO_SMALL ? "permanent" : "process_failed" };
    default:
      return { kind: status >= 500 ? "process_failed" : "permanent" };
  }
}
