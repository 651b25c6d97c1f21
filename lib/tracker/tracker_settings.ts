/** The tracker's own settings. */
import { integer, secondsAsMs } from "../config/schemas.ts";
import type { SettingsTable } from "../config/setting.ts";

export const trackerSettings = {
  TRACKER_INTERVAL_SECONDS: {
    schema: integer({ min: 1, max: 3600 }),
    doc: "How long an open task waits for its next look. Each value has a waiting queue of its own.",
    example: "30",
    default: "60",
    aliases: ["TASK_TRACKER_CHECK_INTERVAL"],
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
    doc: "Most open tasks looked at together.",
    example: "1000",
    default: "1000",
  },
  TRACKER_BATCH_WINDOW_SECONDS: {
    schema: secondsAsMs({ max: 10 }),
    doc: "How long a look gathers after its first task; tasks of one tick come back within 0.2 s.",
    example: "0.2",
    default: "0.2",
  },
} as const satisfies SettingsTable;
