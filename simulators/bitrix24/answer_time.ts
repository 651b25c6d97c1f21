/** The `time` of answers. */
import type { JsonObject } from "../../lib/messages/json.ts";
import type { OperatingTime } from "./operating_budget.ts";
import { portalDate } from "./portal.ts";

/** `operating` is given by a portal that limits it. */
export function answerTime(startMs: number, finishMs: number, operating?: OperatingTime): JsonObject {
  return {
    start: startMs / 1000,
    finish: finishMs / 1000,
    duration: (finishMs - startMs) / 1000,
    processing: (finishMs - startMs) / 1000,
    date_start: portalDate(startMs),
    date_finish: portalDate(finishMs),
    operating: 0,
    ...operating,
  };
}
