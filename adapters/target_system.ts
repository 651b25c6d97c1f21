/**
 * What Exchanger needs to know of a system where people or services do the work. One folder per system implements this;
 * `registry.ts` lists them. Outcomes are closed unions: the creator and the tracker decide in one place each what
 * follows from them.
 */
import type { CheckResult } from "../lib/telemetry/check_result.ts";
import type { SetupStep } from "../lib/telemetry/setup_step.ts";
import type { SentMessage } from "../lib/messages/sent_message.ts";
import type { TaskMessage } from "../lib/messages/task_message.ts";
import type { TypedVariables } from "../lib/messages/typed_variables.ts";
import type { JsonObject } from "../lib/messages/json.ts";

/** What became of one task message. */
export type CreateOutcome =
  /** The object exists in the target, made now or found; `response` is stored in the sent message. */
  | { readonly kind: "created"; readonly id: string; readonly url?: string; readonly response: JsonObject }
  /** Nothing to wait for: the process can move on. */
  | {
    readonly kind: "done";
    readonly answer?: string;
    readonly variables: TypedVariables;
    readonly response: JsonObject;
  }
  /** This task could not be handled now; counts as an attempt. `ambiguous`: a request may have taken effect. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs?: number; readonly ambiguous?: boolean }
  /** The system is down or limits us; says nothing about this task and costs no attempt. */
  | { readonly kind: "down"; readonly reason: string; readonly ambiguous?: boolean }
  /** It will never work as it is. */
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

/** What a look at one object in the target found. */
export type Progress =
  /** The next look finds `notes` in the sent message; without any it finds those of before. */
  | { readonly kind: "open"; readonly notes?: JsonObject }
  | {
    readonly kind: "done";
    readonly answer?: string;
    readonly variables: TypedVariables;
    readonly response: JsonObject;
  }
  /** A person declined or cancelled it; with `code` the process may catch it as a BPMN error. */
  | { readonly kind: "cancelled"; readonly code?: string; readonly reason: string }
  /**
   * The target does not show it (deleted, or our rights changed). Believed only on a second look; with `code` the process may
   * catch it as a BPMN error.
   */
  | { readonly kind: "missing"; readonly code?: string }
  | { readonly kind: "retry"; readonly reason: string }
  | { readonly kind: "down"; readonly reason: string };

/** Whether the target knows that an object is no longer wanted. */
export type Withdrawal =
  /** It does, or there is no such object. */
  | { readonly kind: "withdrawn" }
  | { readonly kind: "retry"; readonly reason: string }
  /** The system is down or limits us; says nothing about this object and costs no attempt. */
  | { readonly kind: "down"; readonly reason: string };

/** A call from outside, before anybody has verified who speaks. */
export interface WebhookCall {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What such a call means. It is a hint only: the objects themselves are read before anything follows from it. */
export type WebhookHint =
  /** Objects worth looking at now. */
  | { readonly kind: "hint"; readonly ids: readonly string[] }
  /** From the target, but about nothing that we watch. */
  | { readonly kind: "ignored" }
  /** Not from the target, or not to be understood. `status` is the HTTP answer; `reason` quotes nothing of the call. */
  | { readonly kind: "refused"; readonly status: 400 | 403; readonly reason: string };

/** An object as `track` finds it again. */
export interface ObjectReference {
  /** As in hints. */
  readonly id: string;
  /** As little of a message's `response_data` as `track` needs: it is kept in memory for every open task. */
  readonly responseData: JsonObject;
}

/** How a target tells of changes by itself. */
export interface Webhook {
  /** Verifies who speaks, and reads no more than ids. Never throws. */
  read(call: WebhookCall): WebhookHint;
  /** `undefined` when the message names no object. */
  objectOf(sent: SentMessage): ObjectReference | undefined;
}

/** How a repeated create is recognised by the target. Where it is not, tasks are taken one at a time and never tried twice. */
export type Identity = "keyed" | "searchable" | "neither";

export interface TargetSystem {
  /** As in queue names: `bitrix24`, `openproject`, `1c`, `python-services`. */
  readonly name: string;
  identity(topic: string): Identity;
  /** Reachable, rights, fields, sees what others created. Never throws. */
  check(signal: AbortSignal): Promise<CheckResult[]>;
  /** Makes what the system lacks to be served, or with `apply: false` only says it. Never throws. */
  setup?(options: { readonly apply: boolean }, signal: AbortSignal): Promise<SetupStep[]>;
  /**
   * Finds or creates, in one batch; one outcome per task, in order. Idempotent by the external task id, and converging: what
   * an object that is found still lacks is added. Never throws.
   */
  create(tasks: readonly TaskMessage[], signal: AbortSignal): Promise<CreateOutcome[]>;
  /** One outcome per sent message, in order. Never throws. */
  track(sent: readonly SentMessage[], signal: AbortSignal): Promise<Progress[]>;
  /**
   * The processes no longer want these objects. A message of a task that was perhaps created names none in its
   * `response_data`: then it is looked for by the key. One outcome per message, in order. Never throws.
   */
  withdraw(sent: readonly SentMessage[], reason: string, signal: AbortSignal): Promise<Withdrawal[]>;
  /**
   * Camunda refused what people answered in the objects of these external tasks, for good: they are told so there.
   * @throws {Error} when somebody could not be told
   */
  tellRefused?(taskIds: readonly string[], signal: AbortSignal): Promise<void>;
  /** Absent when the target calls nobody. */
  readonly webhook?: Webhook;
}
