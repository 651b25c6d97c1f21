/**
 * A refusal with the shape Camunda gives it. The body is `{type, message, code}`; the engine's own exceptions carry code 0,
 * those its REST layer raises carry null (seen on 7.24, although its OpenAPI description says number).
 */
export class EngineError extends Error {
  override readonly name = "EngineError";
  constructor(
    readonly status: 400 | 401 | 404 | 415 | 500,
    readonly type: string,
    message: string,
    readonly code: number | null = 0,
    /** Parse errors by resource name, only in answers to a deployment. */
    readonly details?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** HTTP 500: what the engine throws when a process cannot go on; the transaction is rolled back. */
export function processError(message: string): EngineError {
  return new EngineError(500, "ProcessEngineException", message);
}

export function missingValue(message: string): EngineError {
  return new EngineError(500, "NullValueException", message);
}

/** HTTP 400 from the REST layer. */
export function invalidRequest(message: string): EngineError {
  return new EngineError(400, "InvalidRequestException", message, null);
}

export function notFound(message: string): EngineError {
  return new EngineError(404, "InvalidRequestException", message, null);
}
