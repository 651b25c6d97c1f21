/** An answer of Camunda (or of something in its place) that is not the one hoped for. */
export interface CamundaErrorFacts {
  readonly status: number;
  /** Exception class in Camunda's own error JSON (`RestException`); absent when the answer is not Camunda's. */
  readonly type?: string;
  /** `message` in it. */
  readonly camundaMessage?: string;
  /** 0 or absent mostly; 1 optimistic locking, 10000 deadlock, 10002 column too small, from 20000 an application's own. */
  readonly code?: number;
  /** `details` in it, as it came: what a deployment was refused for, see `parse_faults.ts`. */
  readonly details?: unknown;
  /** The beginning of the body. */
  readonly rawAnswer: string;
}

export class CamundaError extends Error {
  override readonly name = "CamundaError";
  readonly status: number;
  readonly type: string | undefined;
  readonly camundaMessage: string | undefined;
  readonly code: number | undefined;
  readonly details: unknown;
  readonly rawAnswer: string;

  constructor(message: string, facts: CamundaErrorFacts) {
    super(message);
    this.status = facts.status;
    this.type = facts.type;
    this.camundaMessage = facts.camundaMessage;
    this.code = facts.code;
    this.details = facts.details;
    this.rawAnswer = facts.rawAnswer;
  }
}
