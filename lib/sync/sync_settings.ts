/** Settings of exchanger-sync, its own and those of the systems between which it stands. */
import { bitrixSettings } from "../../adapters/bitrix24/bitrix_settings.ts";
import { defaultHistoryDays, defaultTopic } from "../bpmn/convert/options.ts";
import { camundaSettings } from "../camunda/camunda_settings.ts";
import { boolean, choices, integer, list, secondsAsMs, text } from "../config/schemas.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import { programSettings } from "../program/program_settings.ts";
import { diagramStatuses } from "../stormbpmn/diagram.ts";
import { stormSettings } from "../stormbpmn/storm_settings.ts";
import { workerSettings } from "../worker/worker_settings.ts";
import { deploymentSettings } from "./deployment/deployment_settings.ts";

/** What nobody else reads. The names are those that the predecessor documents, and those that it honoured besides. */
export const ownSyncSettings = {
  SYNC_ENABLED: {
    schema: boolean,
    doc: "Whether `exchanger-sync watch` looks for changed diagrams at all.",
    example: "false",
    default: "true",
    aliases: ["SYNC_SYNC_ENABLED"],
  },
  SYNC_INTERVAL: {
    schema: secondsAsMs({ min: 1, max: 604_800 }),
    doc: "Seconds from the end of one look of `exchanger-sync watch` to the beginning of the next.",
    example: "600",
    default: "3600",
    aliases: ["SYNC_SYNC_INTERVAL"],
  },
  SYNC_STATUSES: {
    schema: choices(diagramStatuses),
    doc: `Statuses of the diagrams that become processes, separated by commas: ${diagramStatuses.join(", ")}.`,
    example: "DONE",
    default: "IN_PROGRESS,DONE",
  },
  SYNC_DIAGRAM_TYPES: {
    schema: list,
    doc: "Types of the diagrams that become processes, separated by commas. Others are no processes.",
    example: "BPMN",
    default: "BPMN",
  },
  SYNC_AUTHORS: {
    schema: list,
    doc: "E-mails of the authors whose diagrams become processes, separated by commas; empty for all.",
    example: "anna@example.com",
    default: "",
  },
  SYNC_MIN_QUALITY: {
    schema: integer({ min: 0, max: 10 }),
    doc: "Least quality, as StormBPMN rates it from 0 to 10, of the diagrams that become processes.",
    example: "7",
    default: "0",
  },
  SYNC_ONLY_PUBLIC: {
    schema: boolean,
    doc: "Whether only public diagrams become processes: those that StormBPMN shows to everybody who has the link.",
    example: "true",
    default: "false",
    aliases: ["SYNC_SYNC_ONLY_PUBLIC"],
  },
  SYNC_ONLY_TEAM_DIAGRAMS: {
    schema: boolean,
    doc: "Whether only diagrams of the team become processes, so that STORMBPMN_DEFAULT_VIEW has to be TEAM.",
    example: "false",
    default: "true",
    aliases: ["SYNC_SYNC_ONLY_TEAM_DIAGRAMS"],
  },
  SYNC_INCLUDE_ONLY_DIAGRAM_IDS: {
    schema: list,
    doc: "Ids of the only diagrams that become processes, separated by commas; empty for all.",
    example: "6b547a8f-a78f-4375-b39e-59c4afd9388e",
    default: "",
  },
  SYNC_EXCLUDE_DIAGRAM_IDS: {
    schema: list,
    doc: "Ids of diagrams that never become processes, separated by commas.",
    example: "6b547a8f-a78f-4375-b39e-59c4afd9388e",
    default: "",
  },
  SYNC_STRICT: {
    schema: boolean,
    doc: "Whether a diagram is refused when something drawn in it would have no effect.",
    example: "true",
    default: "false",
  },
  SYNC_MAPPING_FILE: {
    schema: text,
    doc: "Mapping file (YAML): topics, assignees, conditions and times that are not drawn. See docs/sync.md.",
    example: "/etc/exchanger/sync_mapping.yaml",
    optional: true,
  },
  SYNC_TOPIC: {
    schema: text,
    doc: "Topic of tasks for which nothing else says one.",
    example: "op_create_task",
    default: defaultTopic,
  },
  SYNC_HISTORY_DAYS: {
    schema: integer({ min: 0, max: 36_500 }),
    doc: "Days that Camunda keeps the history of ended instances, for processes that do not say it themselves.",
    example: "90",
    default: String(defaultHistoryDays),
  },
} as const satisfies SettingsTable;

const { WORKER_EXTRA_TOPICS } = workerSettings;
const { BITRIX_WEBHOOK_URL, BITRIX_CA_FILE, BITRIX_REQUEST_TIMEOUT, BITRIX_RATE_PER_SECOND, BITRIX_RATE_BURST } =
  bitrixSettings;

/**
 * Neither StormBPMN, Camunda nor the portal has to be set: commands on files need none of them, and what a command needs it
 * asks for when it begins.
 */
export const syncSettings = {
  ...programSettings("sync"),
  ...stormSettings,
  ...camundaSettings,
  CAMUNDA_BASE_URL: { ...camundaSettings.CAMUNDA_BASE_URL, optional: true },
  // As the predecessor's sync was told them.
  CAMUNDA_AUTH_USERNAME: { ...camundaSettings.CAMUNDA_AUTH_USERNAME, aliases: ["CAMUNDA_USERNAME"] },
  CAMUNDA_AUTH_PASSWORD: { ...camundaSettings.CAMUNDA_AUTH_PASSWORD, aliases: ["CAMUNDA_PASSWORD"] },
  ...deploymentSettings,
  ...ownSyncSettings,
  WORKER_EXTRA_TOPICS,
  BITRIX_WEBHOOK_URL,
  BITRIX_CA_FILE,
  BITRIX_REQUEST_TIMEOUT,
  BITRIX_RATE_PER_SECOND,
  BITRIX_RATE_BURST,
} as const satisfies SettingsTable;

export type SyncSettings = SettingsOf<typeof syncSettings>;
