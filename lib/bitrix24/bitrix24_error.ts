/** Why a call to the portal failed, graded by what follows from it. The vendor's codes are in its `error-info.md`. */

/**
 * - `limited`: the portal's request or time budget is spent.
 * - `unavailable`: no answer, or one that is not the portal's.
 * - `denied`: the webhook is wrong, expired or lacks a right; says nothing about the call.
 * - `fault`: the portal failed on this call.
 * - `not_found`: what the call names does not exist.
 * - `rejected`: the call is wrong and stays wrong.
 */
export type Bitrix24Failure = "limited" | "unavailable" | "denied" | "fault" | "not_found" | "rejected";

export class Bitrix24Error extends Error {
  override readonly name = "Bitrix24Error";

  constructor(
    readonly failure: Bitrix24Failure,
    /** The vendor's, or ours in lower case. */
    readonly code: string,
    message: string,
    /** A call that changes something may have taken effect. */
    readonly ambiguous = false,
  ) {
    super(message);
  }

  /** It says nothing about the one call: any other would have failed as well. */
  get isAboutPortal(): boolean {
    return this.failure === "limited" || this.failure === "unavailable" || this.failure === "denied";
  }
}

/** The error for an answer of the portal; `status` is 200 for a command inside a batch. */
export function portalError(status: number, code: string, description: string): Bitrix24Error {
  const failure = failureOf(status, code);
  // Descriptions are made for a web page.
  const text = description.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  // Methods of the CRM give no code, and their texts end with a full stop.
  const words = text.replace(/\.$/, "");
  const said = code === ""
    ? `: ${words || "an error without words"}`
    : words === ""
    ? ` ${code}`
    : ` ${code}: ${words}`;
  const message = `Bitrix24 answered${said}.${remedyOf(failure)}`;
  return new Bitrix24Error(failure, code, message, failure === "fault");
}

function failureOf(status: number, code: string): Bitrix24Failure {
  switch (code) {
    case "QUERY_LIMIT_EXCEEDED":
    case "OPERATION_TIME_LIMIT":
    case "OVERLOAD_LIMIT":
      return "limited";
    case "NO_AUTH_FOUND":
    case "INVALID_CREDENTIALS":
    case "expired_token":
    case "insufficient_scope":
    case "user_access_error":
    case "ACCESS_DENIED":
    case "PORTAL_DELETED":
    case "ERROR_METHOD_NOT_FOUND": // the webhook lacks the scope, or the portal an add-on
      return "denied";
    case "ERROR_NOT_FOUND":
      return "not_found";
    case "INTERNAL_SERVER_ERROR":
    case "ERROR_UNEXPECTED_ANSWER":
      return "fault";
    default:
      if (status === 401 || status === 403) return "denied";
      if (status === 429) return "limited";
      return status >= 500 ? "fault" : "rejected";
  }
}

function remedyOf(failure: Bitrix24Failure): string {
  switch (failure) {
    case "limited":
      return " Another program may be using the same budget: see BITRIX_RATE_PER_SECOND.";
    case "denied":
      return " Is BITRIX_WEBHOOK_URL current, and does the webhook have the rights that docs/bitrix24.md lists?";
    case "unavailable":
    case "fault":
    case "not_found":
    case "rejected":
      return "";
  }
}
