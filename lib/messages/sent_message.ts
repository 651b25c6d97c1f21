/** The message on `<system>.sent.queue`: the task and what the target answered when its object was made. */
import { z } from "zod";
import { jsonObject } from "./json.ts";
import { taskMessage } from "./task_message.ts";

export const sentMessage = z.looseObject({
  /** Epoch milliseconds; the predecessor wrote seconds when the task had no timestamp. */
  timestamp: z.number().nullish().transform((value) => value ?? 0),
  original_queue: z.string().nullish().transform((text) => text ?? ""),
  original_message: taskMessage,
  response_data: jsonObject.nullish().transform((value) => value ?? {}),
  processing_status: z.string().nullish().transform((text) => text ?? "success"),
  /** Epoch seconds, fractional. */
  processed_at: z.number().nullish().transform((value) => value ?? 0),
});
export type SentMessage = z.infer<typeof sentMessage>;
