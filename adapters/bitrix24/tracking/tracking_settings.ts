/** The settings that tracking goes by. */
import type { BitrixSettings } from "../bitrix_settings.ts";

export type TrackingSettings = Pick<
  BitrixSettings,
  | "BITRIX_CONTROL_COUNTS_AS_DONE"
  | "BITRIX_DELETED"
  | "BITRIX_COLLECT"
  | "BITRIX_MISSING_ANSWER"
  | "BITRIX_CLOSE_WITHDRAWN"
  | "BITRIX_ALERT_COMMENTS"
  | "BITRIX_TIME_ZONE"
>;
