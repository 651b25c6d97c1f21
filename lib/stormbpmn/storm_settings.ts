/** Settings for reading diagrams from StormBPMN, the vendor's cloud or a server of one's own. */
import type { SettingFault } from "../config/read_settings.ts";
import { choice, integer, secondsAsMs, text, textSchema, url } from "../config/schemas.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";

const baseUrl = textSchema(
  "must be a URL that begins with https:// or http://",
  (input) => url({ protocols: ["https:", "http:"] }).safeParse(input).data?.replace(/\/+$/, ""),
);

const version = textSchema("must be a version such as v1", (input) => /^v\d+$/.test(input) ? input : undefined);

/** What a header can carry; people paste tokens with the word that precedes them in the browser. */
const credential = textSchema("must be one word of letters, digits and signs", (input) => {
  const token = input.replace(/^bearer\s+/i, "");
  return /^[\x21-\x7e]+$/.test(token) ? token : undefined;
});

export const stormSettings = {
  STORMBPMN_BASE_URL: {
    schema: baseUrl,
    doc: "StormBPMN's address, without /public-api or /api. Needed by whatever reads diagrams from it.",
    example: "https://stormbpmn.com",
    optional: true,
  },
  STORMBPMN_API_KEY: {
    schema: credential,
    doc:
      "Key for the vendor's public API: Team, Team settings, Generate key. It reads what the team's administrator may see.",
    example: "key-of-the-team",
    optional: true,
    secret: true,
  },
  STORMBPMN_BEARER_TOKEN: {
    schema: credential,
    doc:
      "Token of the web application, copied from a browser; it lives about a week. Only the web application's API knows " +
      "the names of assignees, the public one their ids.",
    example: "token-from-the-browser",
    optional: true,
    secret: true,
  },
  STORMBPMN_API: {
    schema: choice(["auto", "public", "web"]),
    doc:
      "Which API is asked. auto takes the public one if there is a key, and for assignees the web application's if there " +
      "is a token; each can be demanded.",
    example: "public",
    default: "auto",
  },
  STORMBPMN_API_VERSION: {
    schema: version,
    doc: "Version in the paths of both APIs.",
    example: "v1",
    default: "v1",
  },
  STORMBPMN_CA_FILE: {
    schema: text,
    doc: "PEM file of a private authority that signed the certificate of a server of one's own.",
    example: "/etc/exchanger/stormbpmn-ca.pem",
    optional: true,
  },
  STORMBPMN_TIMEOUT: {
    schema: secondsAsMs({ min: 1, max: 600 }),
    doc: "Seconds until a request is given up.",
    example: "30",
    default: "30",
  },
  STORMBPMN_RETRY_ATTEMPTS: {
    schema: integer({ min: 1, max: 10 }),
    doc:
      "How often a request is made at most when StormBPMN fails or cannot be reached. One that was over the limit is " +
      "repeated once, when StormBPMN allows it again; refusals are not repeated.",
    example: "3",
    default: "3",
  },
  STORMBPMN_RETRY_DELAY: {
    schema: secondsAsMs({ min: 0.1, max: 60 }),
    doc: "Seconds until the first repetition, at most; they double with each further one, up to a minute.",
    example: "1",
    default: "1",
  },
  STORMBPMN_REQUESTS_PER_MINUTE: {
    schema: integer({ min: 0, max: 6_000 }),
    doc:
      "The limit of the account, 5 in the cloud, which blocks accounts that go beyond it more than three times a day; 0 " +
      "for a server of one's own without a limit.",
    example: "0",
    default: "5",
  },
  STORMBPMN_STATE_FILE: {
    schema: text,
    doc:
      "File in which the requests of the last minute are counted, so that the limit holds across restarts and for all " +
      "programs that name the same file. Holds no secret. Not used without a limit.",
    example: "/var/lib/exchanger/stormbpmn_requests.json",
    default: "stormbpmn_requests.json",
  },
  STORMBPMN_DEFAULT_PAGE_SIZE: {
    schema: integer({ min: 1, max: 1_000 }),
    doc: "Diagrams per page of the web application's list; the public API always gives 20.",
    example: "20",
    default: "20",
  },
  STORMBPMN_DEFAULT_SORT: {
    schema: text,
    doc: "Order of the web application's list. With updatedOn,desc a look for what changed ends where nothing did.",
    example: "name,asc",
    default: "updatedOn,desc",
  },
  STORMBPMN_DEFAULT_VIEW: {
    schema: text,
    doc: "Which diagrams the web application lists: those of the TEAM.",
    example: "TEAM",
    default: "TEAM",
  },
} as const satisfies SettingsTable;

export type StormSettings = SettingsOf<typeof stormSettings>;

/** What keeps StormBPMN from being read and no single setting shows; empty when it can be. */
export function stormFaults(
  settings: Pick<
    StormSettings,
    "STORMBPMN_BASE_URL" | "STORMBPMN_API" | "STORMBPMN_API_KEY" | "STORMBPMN_BEARER_TOKEN"
  >,
): SettingFault[] {
  const faults: SettingFault[] = [];
  const missing = (name: keyof typeof settings, why: string) =>
    faults.push({ name, problem: `is not set${why}`, example: stormSettings[name].example });
  if (settings.STORMBPMN_BASE_URL === undefined) missing("STORMBPMN_BASE_URL", "");
  const { STORMBPMN_API_KEY: key, STORMBPMN_BEARER_TOKEN: token } = settings;
  switch (settings.STORMBPMN_API) {
    case "auto":
      if (key === undefined && token === undefined) {
        missing("STORMBPMN_API_KEY", ", and STORMBPMN_BEARER_TOKEN neither");
      }
      break;
    case "public":
      if (key === undefined) missing("STORMBPMN_API_KEY", ", which STORMBPMN_API=public needs");
      break;
    case "web":
      if (token === undefined) missing("STORMBPMN_BEARER_TOKEN", ", which STORMBPMN_API=web needs");
      break;
  }
  return faults;
}
