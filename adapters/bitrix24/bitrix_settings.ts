/** Settings of the Bitrix24 adapter. */
import { boolean, integer, secondsAsMs, text, textSchema, url } from "../../lib/config/schemas.ts";
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
    doc: "User who gets a task when neither the model (assigneeId) nor the process (startedBy) names one.",
    example: "1",
    default: "1",
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
  BITRIX_CREATE_BATCH: {
    schema: integer({ min: 1, max: 50 }),
    doc:
      "Most tasks created with one request. The portal makes them one after the other, all within BITRIX_REQUEST_TIMEOUT.",
    example: "50",
    default: "20",
  },
} as const satisfies SettingsTable;

export type BitrixSettings = SettingsOf<typeof bitrixSettings>;
