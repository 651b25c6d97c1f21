/** The message on `<system>.sent.queue`: the task and what the target answered when its object was made. */
import { z } from "zod";
import { type JsonObject, jsonObject } from "./json.ts";
import { numberOr, objectOr, textOr } from "./or_else.ts";
import { taskMessage } from "./task_message.ts";

export const sentMessage = z.looseObject({
  /** Epoch milliseconds; the predecessor wrote seconds when the task had no timestamp. */
  timestamp: numberOr(0),
  original_queue: textOr(""),
  original_message: taskMessage,
  response_data: objectOr({}),
  processing_status: textOr("success"),
  /** Epoch seconds, fractional. */
  processed_at: numberOr(0),
  /** What the target system's adapter noted when it last looked at the open object; meant for nobody else. */
  notes: jsonObject.optional().catch(undefined),
});
export type SentMessage = z.infer<typeof sentMessage>;

/**
 * The body of a sent message, as the predecessor wrote it. `original` is the task message as it came; `nowMs` is epoch
 * milliseconds, the message carries seconds.
 */
export function sentBody(original: JsonObject, queue: string, response: JsonObject, nowMs: number): JsonObject {
  return {
    timestamp: original["timestamp"] ?? nowMs / 1000,
    original_queue: queue,
    original_message: original,
    response_data: response,
    processing_status: "success",
    processed_at: nowMs / 1000,
  };
}
