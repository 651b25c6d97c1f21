/** The creator's own settings. */
import { integer, secondsAsMs } from "../config/schemas.ts";
import type { SettingsTable } from "../config/setting.ts";

export const creatorSettings = {
  CREATOR_BATCH_SIZE: {
    schema: integer({ min: 1, max: 50 }),
    doc: "Most tasks looked up and created together; a portal's batch request takes 50 commands.",
    example: "50",
    default: "50",
  },
  CREATOR_BATCH_WINDOW_SECONDS: {
    schema: secondsAsMs({ max: 10 }),
    doc: "How long a batch gathers after its first task.",
    example: "0.2",
    default: "0.05",
  },
  CREATOR_DETOUR_SECONDS: {
    schema: integer({ min: 1, max: 3600 }),
    doc:
      "How long a task waits whose creation may have been tried before, until no request about it can still be on its " +
      "way; then it is looked up first. Longer than any request to the target can live.",
    example: "120",
    default: "120",
  },
} as const satisfies SettingsTable;
