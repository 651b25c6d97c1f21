/** Settings of the Bitrix24 adapter. */
import { boolean, choice, integer, secondsAsMs, text, textSchema, url } from "../../lib/config/schemas.ts";
import type { SettingsOf, SettingsTable } from "../../lib/config/setting.ts";

const perSecond = textSchema("must be a number of requests per second, more than 0 and at most 100", (input) => {
  const value = /^\d+(\.\d+)?$/.test(input) ? Number(input) : NaN;
  return value > 0 && value <= 100 ? value : undefined;
});

const timeZone = textSchema("must be a time zone such as Europe/Moscow", (input) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: input }).resolvedOptions().timeZone;
  } catch {
    return undefined; // not a zone of the IANA database
  }
});

const applicationTokens = textSchema("must be one token or several, separated by commas", (input) => {
  const tokens = input.split(",").map((token) => token.trim());
  return tokens.includes("") ? undefined : tokens;
});

/** Some of these words, separated by commas; `none` for none of them. */
function words<const Word extends string>(known: readonly Word[]) {
  return textSchema(
    `must be some of ${known.join(", ")}, separated by commas, or none`,
    (input): Word[] | undefined => {
      if (input.toLowerCase() === "none") return [];
      const found = input.split(",").map((part) => known.find((word) => word === part.trim().toLowerCase()));
      return found.includes(undefined) ? undefined : found.filter((word) => word !== undefined);
    },
  );
}

export const bitrixSettings = {
  BITRIX_WEBHOOK_URL: {
    schema: url({ protocols: ["https:", "http:"] }),
    doc:
      "Incoming webhook of the portal, with the rights for tasks and users. A secret. Without it Bitrix24 is not served.",
    example: "https://example.bitrix24.ru/rest/1/webhook-code",
    optional: true,
    secret: true,
  },
  BITRIX_CA_FILE: {
    schema: text,
    doc: "PEM file of a private authority that signed the certificate of a portal of one's own.",
    example: "/etc/exchanger/portal-ca.pem",
    optional: true,
  },
  BITRIX_REQUEST_TIMEOUT: {
    schema: secondsAsMs({ min: 1, max: 60 }),
    doc: "Seconds until a request to the portal is given up. The portal itself ends requests after 60.",
    example: "30",
    default: "30",
  },
  BITRIX_REQUEST_LIFETIME_SECONDS: {
    schema: secondsAsMs({ min: 1, max: 600 }),
    doc:
      "How long the portal may go on with a request, even if nobody waits for its answer any more: 60 in the cloud, the " +
      "time limit of PHP on a portal of one's own. Nothing is created again before it has passed.",
    example: "60",
    default: "60",
  },
  BITRIX_SEES_ALL_TASKS: {
    schema: boolean,
    doc:
      "Set it when the webhook's user is no administrator of the portal and sees everybody's tasks all the same. A task " +
      "that the webhook does not show would be created twice.",
    example: "true",
    default: "false",
  },
  BITRIX_DEFAULT_RESPONSIBLE_ID: {
    schema: integer({ min: 1 }),
    doc:
      "User who gets a task when neither template nor model (assigneeId) nor process (startedBy) names one. Without it such " +
      "a task is refused with an incident.",
    example: "1",
    optional: true,
  },
  BITRIX_ROLES_MAPPING_FILE: {
    schema: text,
    doc: 'JSON file with user ids by the roles that diagrams name (assigneeName): {"Бухгалтер": 12}.',
    example: "/etc/exchanger/roles_mapping.json",
    optional: true,
  },
  BITRIX_ADDON: {
    schema: choice(["auto", "on", "off"]),
    doc:
      "Whether the portal has the add-on imena.camunda (task templates, questionnaires). auto finds out once per start; with " +
      "on, a portal without it gets no task until it is back, rather than a task without its template.",
    example: "on",
    default: "auto",
  },
  BITRIX_CACHE_SECONDS: {
    schema: secondsAsMs({ max: 86_400 }),
    doc:
      "How long heads of departments, names, diagram properties and predecessors are remembered: so long a change on the " +
      "portal may go unnoticed. 0 remembers nothing.",
    example: "60",
    default: "300",
  },
  BITRIX_DEFAULT_PRIORITY: {
    schema: integer({ min: 0, max: 2 }),
    doc: "Priority of new tasks: 0 low, 1 normal, 2 high.",
    example: "2",
    default: "1",
  },
  BITRIX_MAX_DESCRIPTION_LENGTH: {
    schema: integer({ min: 100 }),
    doc: "Longer descriptions are cut, in characters.",
    example: "10000",
    default: "10000",
  },
  BITRIX_TIME_ZONE: {
    schema: timeZone,
    doc: "Zone of deadlines that name none.",
    example: "Asia/Yekaterinburg",
    default: "Europe/Moscow",
  },
  BITRIX_RATE_PER_SECOND: {
    schema: perSecond,
    doc:
      "Requests per second that each program may send for long. The portal allows 2 (Enterprise 5) to all programs on " +
      "one address together: creator and tracker get half each.",
    example: "2.5",
    default: "1",
  },
  BITRIX_RATE_BURST: {
    schema: integer({ min: 1 }),
    doc:
      "Requests that each program may send at once after a pause. The portal allows 50 (Enterprise 250) to all together.",
    example: "125",
    default: "25",
  },
  BITRIX_OPERATING_SECONDS: {
    schema: integer({ min: 0, max: 600 }),
    doc:
      "Seconds that the portal may work on each method per ten minutes, for all programs with this webhook together; before " +
      "they are spent, programs wait. The cloud allows 480; 0 for a portal of one's own that does not limit them.",
    example: "420",
    default: "480",
  },
  BITRIX_CREATE_BATCH: {
    schema: integer({ min: 1, max: 50 }),
    doc:
      "Most tasks created with one request. The portal makes them one after the other, all within BITRIX_REQUEST_TIMEOUT.",
    example: "50",
    default: "20",
  },
  BITRIX_APPLICATION_TOKEN: {
    schema: applicationTokens,
    doc:
      "Token that the portal shows for an outgoing webhook and sends with each of its calls; several, separated by " +
      "commas, when there are several webhooks. Needed with TRACKER_WEBHOOK_PORT.",
    example: "token-of-the-outgoing-webhook",
    optional: true,
    secret: true,
  },
  BITRIX_CONTROL_COUNTS_AS_DONE: {
    schema: boolean,
    doc:
      "Whether a task that awaits control (status 4) is done, as it was with exchanger.py; else only when it was accepted.",
    example: "true",
    default: "false",
  },
  BITRIX_DELETED: {
    schema: choice(["incident", "bpmn_error"]),
    doc:
      "What a process gets whose task a person deleted: an incident, or a BPMN error TASK_DELETED, which is an incident " +
      "too if the process does not catch it.",
    example: "bpmn_error",
    default: "incident",
  },
  BITRIX_MISSING_ANSWER: {
    schema: choice(["ask", "no"]),
    doc:
      "A task that was finished without the answer that its process expects: ask leaves it open and asks in a comment, no " +
      "tells the process no, as exchanger.py did.",
    example: "no",
    default: "ask",
  },
  BITRIX_COLLECT: {
    schema: words(["questionnaires", "results", "checklists"]),
    doc:
      "What is read of a finished task for its process, separated by commas, or none. Each kind costs a request per 50 " +
      "finished tasks, results that have files a second one.",
    example: "results,checklists",
    default: "questionnaires,results,checklists",
  },
  BITRIX_CLOSE_WITHDRAWN: {
    schema: boolean,
    doc: "Whether an open task is closed when its process was cancelled; it gets a comment in any case.",
    example: "true",
    default: "false",
  },
  BITRIX_ALERT_COMMENTS: {
    schema: words(["deadline", "dismissed", "reopened"]),
    doc:
      "What is also told to people in a comment on the task, not only in the log, separated by commas: that its deadline " +
      "has passed, that its responsible was dismissed, that it was opened again after its process had gone on.",
    example: "deadline,dismissed,reopened",
    default: "none",
  },
} as const satisfies SettingsTable;

export type BitrixSettings = SettingsOf<typeof bitrixSettings>;
