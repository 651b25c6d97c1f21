/**
 * What creator and tracker do with a message that they give up: the owner of the process is told through the worker, a
 * copy with the reason goes to the errors queue; only when both are confirmed may the message be acknowledged.
 */
import type { z } from "zod";
import type { Broker, Delivery } from "../amqp/broker.ts";
import {
  decodeObject,
  encodeMessage,
  type JsonObject,
  jsonObject,
  MalformedMessageError,
  readAs,
} from "../messages/json.ts";
import { failedResponse } from "../messages/response_message.ts";
import { setAsideMessage, type SetAsideReason, type SetAsideRoute } from "../messages/set_aside.ts";
import type { Clock } from "../time/clock.ts";
import type { TaskEvents } from "./task_events.ts";

export interface GiveUpDeps {
  readonly broker: Broker;
  readonly events: TaskEvents;
  readonly clock: Clock;
  readonly setAsideRoute: SetAsideRoute;
  readonly responsesQueue: string;
}

/** `task` is the slim task, at least its `task_id`; without one there is nobody to tell. Rejects while the broker is away. */
export async function giveUp(
  deps: GiveUpDeps,
  delivery: Delivery,
  system: string,
  about: { readonly original: JsonObject | undefined; readonly task: JsonObject | undefined },
  reason: SetAsideReason & { readonly bpmnErrorCode?: string },
): Promise<void> {
  const now = deps.clock.now();
  const taskId = typeof about.task?.["task_id"] === "string" ? about.task["task_id"] : null;
  if (about.task !== undefined && taskId !== null) {
    const failure = {
      message: reason.message,
      ...(reason.bpmnErrorCode === undefined ? {} : { code: reason.bpmnErrorCode }),
    };
    await deps.broker.publish({
      exchange: "",
      routingKey: deps.responsesQueue,
      body: encodeMessage(failedResponse(about.task, delivery.queue, failure, now)),
      messageId: taskId,
    });
  }
  await deps.broker.publish(
    setAsideMessage(deps.setAsideRoute, delivery, about.original, taskId, system, reason, now),
  );
  deps.events.record("set_aside", {
    taskId: taskId ?? "unknown",
    system,
    detail: { reason: reason.message, type: reason.type, queue: delivery.queue },
  });
}

/** A message and its body as it came. */
export interface ReadMessage<T> {
  readonly message: T;
  readonly original: JsonObject;
}

/**
 * Reads a message, or gives it up and returns `undefined` (then it may be acknowledged): as malformed, or as larger than we
 * would publish ourselves, since what follows from it would not fit either.
 */
export async function readOrGiveUp<T>(
  deps: GiveUpDeps,
  delivery: Delivery,
  system: string,
  schema: z.ZodType<T>,
): Promise<ReadMessage<T> | undefined> {
  const { maxBodyBytes } = deps.broker;
  let original: JsonObject | undefined;
  let reason: SetAsideReason;
  try {
    original = decodeObject(delivery.body);
    const message = readAs(schema, original, delivery.body);
    if (delivery.body.byteLength <= maxBodyBytes) return { original, message };
    reason = {
      type: "message_too_large",
      message: `The message has ${delivery.body.byteLength} bytes, more than ${maxBodyBytes}.`,
    };
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    reason = { type: "malformed_message", message: error.message };
  }
  await giveUp(deps, delivery, system, { original, task: taskInMalformed(original) }, reason);
  return undefined;
}

/** The task id and worker id of a body that is JSON but cannot be used, so that its incident can be raised. */
function taskInMalformed(original: JsonObject | undefined): JsonObject | undefined {
  for (const candidate of [original, original?.["original_message"]]) {
    const { task_id, worker_id } = jsonObject.safeParse(candidate).data ?? {};
    if (typeof task_id === "string" && task_id !== "") return { task_id, worker_id: worker_id ?? null };
  }
  return undefined;
}
