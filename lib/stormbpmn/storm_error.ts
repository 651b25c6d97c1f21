/** Why StormBPMN could not be read, graded by what follows from it. */
import { z } from "zod";

/**
 * - `limited`: the account's requests are spent, or we keep from spending them.
 * - `unavailable`: no answer, or one that is not StormBPMN's.
 * - `denied`: the key or the token is wrong or expired, or the account blocked; says nothing about the diagram.
 * - `forbidden`: whoever the key or the token belongs to may not see this diagram.
 * - `not_found`: there is no such diagram.
 * - `fault`: StormBPMN failed on this request, or answered with something that cannot be used.
 * - `rejected`: the request is wrong and stays wrong.
 */
export type StormFailure =
  | "limited"
  | "unavailable"
  | "denied"
  | "forbidden"
  | "not_found"
  | "fault"
  | "rejected";

export class StormError extends Error {
  override readonly name = "StormError";

  constructor(
    readonly failure: StormFailure,
    /** `http_404`, or what `lib/http` or the limiter calls it: `timeout`, `quota_guard`. */
    readonly code: string,
    message: string,
    /** The same request may succeed a little later. */
    readonly passing = false,
  ) {
    super(message);
  }

  /** It says nothing about the one diagram: any other would have failed as well. */
  get isAboutService(): boolean {
    return this.failure === "limited" || this.failure === "unavailable" || this.failure === "denied";
  }
}

/** What an answer was given to. */
export interface Asked {
  /** In words, after "for": `the list of diagrams`, `diagram 6b54…`. */
  readonly what: string;
  /** Whether the request names a diagram, so that 403 and 404 can be about that one. */
  readonly namesDiagram: boolean;
  /** The setting with the key or token that was sent. */
  readonly credential: "STORMBPMN_API_KEY" | "STORMBPMN_BEARER_TOKEN";
}

/** Spring's error shape; the vendor shows it for 429 only, and all of it may be missing. */
const springError = z.looseObject({ status: z.number(), message: z.string().nullish(), error: z.string().nullish() });

const LONGEST_QUOTATION = 200;

/** The error for an answer that is no success. `hide` takes secrets out of what StormBPMN said. */
export function answerError(status: number, body: string, asked: Asked, hide: (text: string) => string): StormError {
  const code = `http_${status}`;
  const spring = springError.safeParse(parsedJson(body)).data;
  const said = hide(spring?.message || spring?.error || "").slice(0, LONGEST_QUOTATION);
  const answered = `StormBPMN answered ${status} for ${asked.what}${said === "" ? "" : `: ${said}`}`;
  const fail = (failure: StormFailure, remedy = "", passing = false) =>
    new StormError(failure, code, `${answered}.${remedy}`, passing);

  if (status === 401) return fail("denied", credentialRemedy(asked));
  if (status === 403) {
    return asked.namesDiagram
      ? fail("forbidden", ` May the owner of ${asked.credential} see it?`)
      : fail("denied", credentialRemedy(asked));
  }
  // StormBPMN says so in JSON or without a body; a page comes from something else.
  if (status === 404 && asked.namesDiagram && (spring !== undefined || body === "")) return fail("not_found");
  if (status === 404) return fail("denied", " Are STORMBPMN_BASE_URL and STORMBPMN_API_VERSION right?");
  if (status === 429) return fail("limited", " What else uses this account?", true);
  if (status === 502 || status === 503 || status === 504) return fail("unavailable", "", true);
  if (status >= 500) return fail("fault", "", true);
  if (status >= 300 && status < 400) {
    return fail("denied", " Does STORMBPMN_BASE_URL lead to StormBPMN itself, and not to a login page?");
  }
  return fail("rejected");
}

function credentialRemedy({ credential }: Asked): string {
  switch (credential) {
    case "STORMBPMN_API_KEY":
      return " Is STORMBPMN_API_KEY the team's current key, and is the account not blocked?";
    case "STORMBPMN_BEARER_TOKEN":
      return " Is STORMBPMN_BEARER_TOKEN current? It lives about a week.";
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
