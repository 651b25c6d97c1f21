/** Settings for deploying converted diagrams. */
import { boolean, choice, integer, text, textSchema, url } from "../../config/schemas.ts";
import type { SettingsOf, SettingsTable } from "../../config/setting.ts";

const webAddress = textSchema(
  "must be a URL that begins with http:// or https://",
  (input) => url({ protocols: ["http:", "https:"] }).safeParse(input).data?.replace(/\/+$/, ""),
);

export const deploymentSettings = {
  SYNC_DEPLOYMENT_SOURCE: {
    schema: text,
    doc: "Source that Camunda keeps with each deployment. Files deployed before are recognised by name and source.",
    example: "camunda-sync",
    default: "camunda-sync",
  },
  SYNC_DEPLOYED_BY: {
    schema: text,
    doc: "Who deploys; kept in the name of the deployment beside the version of the diagram.",
    example: "anna",
    optional: true,
  },
  SYNC_DUPLICATE_FILTERING: {
    schema: boolean,
    doc: "Whether what Camunda has already is left alone. Without it every run makes a new version.",
    example: "false",
    default: "true",
  },
  SYNC_OLDER_VERSIONS: {
    schema: choice(["keep", "suspend", "migrate"]),
    doc:
      "What becomes of older versions when a new one is there. suspend: nothing more is started of them, what runs goes " +
      "on. migrate: their running instances move to the new version, those that cannot stay.",
    example: "suspend",
    default: "keep",
  },
  SYNC_TAKE_OVER: {
    schema: boolean,
    doc:
      "Whether a process may be replaced that was made of another diagram. A copy of a diagram keeps the ids of its " +
      "processes, and without this guard the two would replace each other for ever.",
    example: "true",
    default: "false",
  },
  SYNC_DEPLOY_ATTEMPTS: {
    schema: integer({ min: 1, max: 10 }),
    doc: "How often a deployment is tried when Camunda cannot be reached or is too busy. Refusals are not repeated.",
    example: "5",
    default: "3",
  },
  SYNC_COCKPIT_URL: {
    schema: webAddress,
    doc: "Cockpit, for links to what was deployed; without it none are shown.",
    example: "https://camunda.internal/camunda/app/cockpit/default",
    optional: true,
  },
} as const satisfies SettingsTable;

export type DeploymentSettings = SettingsOf<typeof deploymentSettings>;
