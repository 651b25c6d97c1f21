/** The tracker's own settings. */
import { integer, secondsAsMs, text } from "../config/schemas.ts";
import type { SettingsTable } from "../config/setting.ts";
import { slowerLooks } from "./look_intervals.ts";

export const trackerSettings = {
  TRACKER_INTERVAL_SECONDS: {
    schema: integer({ min: 1, max: 3600 }),
    doc: "How long an open task waits for its next look. Each value has a waiting queue of its own.",
    example: "30",
    default: "60",
    aliases: ["TASK_TRACKER_CHECK_INTERVAL"],
  },
  TRACKER_SLOWER_LOOKS: {
    schema: slowerLooks,
    doc:
      "Pairs age:interval in seconds: a task that has been open for longer than the age waits so long for its next look, at " +
      "most 3600. none looks at all tasks equally often.",
    example: "86400:300,604800:900",
    default: "604800:300",
  },
  TRACKER_MISSING_PERCENT: {
    schema: integer({ min: 0, max: 100 }),
    doc:
      "Objects that the target no longer shows are believed to be deleted while they are at most this share of those looked " +
      "at (three always are); more is taken for a fault of rights. 100 believes all.",
    example: "100",
    default: "10",
  },
  TRACKER_BATCH_SIZE: {
    schema: integer({ min: 1, max: 5000 }),
    doc: "Most open tasks looked at together; two such batches are in memory at a time.",
    example: "1000",
    default: "500",
  },
  TRACKER_BATCH_WINDOW_SECONDS: {
    schema: secondsAsMs({ max: 10 }),
    doc: "How long a look gathers after its first task; tasks of one tick come back within 0.2 s.",
    example: "0.2",
    default: "0.2",
  },
  TRACKER_WEBHOOK_PORT: {
    schema: integer({ min: 0, max: 65535 }),
    doc:
      "Port on which target systems tell of changes, at /webhooks/<system> (/webhooks/bitrix24): a finished task then " +
      "goes on within a second, not at its next look. 0 opens none.",
    example: "8093",
    default: "0",
  },
  TRACKER_WEBHOOK_HOST: {
    schema: text,
    doc: "Address of that port. TLS is the business of a reverse proxy in front of it.",
    example: "0.0.0.0",
    default: "127.0.0.1",
  },
} as const satisfies SettingsTable;
