/**
 * Calls of the portal's outgoing webhooks: form-encoded with PHP's bracket keys, an event and the id of its task (the
 * vendor's `events-tasks/*.md`). Whoever knows the address can send them, so the token decides; each webhook has its own.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Webhook, WebhookHint } from "../target_system.ts";
import { taskIdIn } from "./portal_task.ts";

/** @param applicationTokens asked at each call, so that a token that was read again counts at once */
export function bitrixWebhook(applicationTokens: () => readonly string[]): Webhook {
  return {
    read: ({ body }) => readEvent(new URLSearchParams(new TextDecoder().decode(body)), applicationTokens()),
    objectOf({ response_data }) {
      const id = taskIdIn(response_data);
      return id === undefined ? undefined : { id, responseData: { result: { task: { id } } } };
    },
  };
}

const TASK_EVENTS: ReadonlySet<string> = new Set(["ONTASKADD", "ONTASKUPDATE", "ONTASKDELETE"]);
/** Of a task that is new or gone, the other side is the text `undefined`. */
const TASK_IDS = ["data[FIELDS_AFTER][ID]", "data[FIELDS_BEFORE][ID]"];

function readEvent(call: URLSearchParams, applicationTokens: readonly string[]): WebhookHint {
  if (!isOneOf(call.get("auth[application_token]") ?? "", applicationTokens)) {
    return { kind: "refused", status: 403, reason: "its application token is none of BITRIX_APPLICATION_TOKEN" };
  }
  const event = call.get("event");
  if (event === null) return { kind: "refused", status: 400, reason: "it names no event" };
  if (!TASK_EVENTS.has(event.toUpperCase())) return { kind: "ignored" };
  const ids = new Set(TASK_IDS.map((key) => call.get(key) ?? "").filter((id) => /^[1-9]\d{0,15}$/.test(id)));
  return ids.size === 0
    ? { kind: "refused", status: 400, reason: "it names no task" }
    : { kind: "hint", ids: [...ids] };
}

/** Takes the same time whichever token it is, and however much of one is right. */
function isOneOf(token: string, known: readonly string[]): boolean {
  const hash = hashOf(token);
  return known.map((one) => timingSafeEqual(hash, hashOf(one))).includes(true);
}

function hashOf(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
