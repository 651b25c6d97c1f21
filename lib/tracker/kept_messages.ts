/**
 * What is known of open tasks without their messages, which wait in the broker: as much of each as an answer needs, found by
 * its object. Nothing depends on it: a task that is not here is answered at its next look.
 */
import type { Webhook } from "../../adapters/target_system.ts";
import { decodeMessage, encodeMessage } from "../messages/json.ts";
import { slimTask } from "../messages/response_message.ts";
import { type SentMessage, sentMessage } from "../messages/sent_message.ts";

interface Kept {
  readonly taskId: string;
  /** Not objects, which would take a multiple of it. */
  readonly body: Uint8Array;
}

/** A message takes some 800 bytes: this is for about 40,000 open tasks. */
const MAX_BYTES = 32 * 1024 * 1024;

export class KeptMessages {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(
    private readonly webhook: Pick<Webhook, "objectOf">,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** Costs nothing when it is there already; when there are too many the oldest go. */
  keep(sent: SentMessage): void {
    const object = this.webhook.objectOf(sent);
    if (object === undefined) return;
    const { task_id: taskId } = sent.original_message;
    if (this.#kept.get(object.id)?.taskId === taskId) return;
    this.#delete(object.id);
    const original_message = slimTask(sent.original_message);
    const body = encodeMessage({ ...sent, original_message, response_data: object.responseData });
    this.#kept.set(object.id, { taskId, body });
    this.#bytes += body.byteLength;
    for (const [oldest] of this.#kept) {
      if (this.#bytes <= this.maxBytes) break;
      this.#delete(oldest);
    }
  }

  has(objectId: string): boolean {
    return this.#kept.has(objectId);
  }

  get(objectId: string): SentMessage | undefined {
    const kept = this.#kept.get(objectId);
    return kept && decodeMessage(sentMessage, kept.body);
  }

  /** Nobody waits for the task any more. */
  forget(sent: SentMessage): void {
    const id = this.webhook.objectOf(sent)?.id;
    if (id !== undefined && this.#kept.get(id)?.taskId === sent.original_message.task_id) this.#delete(id);
  }

  #delete(objectId: string): void {
    this.#bytes -= this.#kept.get(objectId)?.body.byteLength ?? 0;
    this.#kept.delete(objectId);
  }
}
