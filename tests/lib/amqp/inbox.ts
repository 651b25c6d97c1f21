/** Collects the deliveries of a queue, so that a test can say what it expects of them. */
import type { Broker, Delivery, Subscription } from "../../../lib/amqp/broker.ts";
import { eventually } from "./eventually.ts";

export class Inbox {
  readonly deliveries: Delivery[] = [];
  readonly subscription: Subscription;

  /** @param settle what happens to each delivery at once; nothing, unless given */
  constructor(broker: Broker, queue: string, prefetch = 100, settle: (delivery: Delivery) => void = () => {}) {
    this.subscription = broker.subscribe(queue, { prefetch }, (delivery) => {
      this.deliveries.push(delivery);
      settle(delivery);
    });
  }

  /** Bodies in order of arrival. */
  get texts(): string[] {
    return this.deliveries.map(textOf);
  }

  /** The delivery of that place, once it is there. */
  async at(index: number, withinMs?: number): Promise<Delivery> {
    await this.count(index + 1, withinMs);
    const delivery = this.deliveries[index];
    if (delivery === undefined) throw new Error(`No delivery at ${index}`);
    return delivery;
  }

  async count(atLeast: number, withinMs?: number): Promise<void> {
    const what = `${atLeast} deliveries from ${this.subscription.queue}`;
    await eventually(() => this.deliveries.length >= atLeast, what, withinMs);
  }
}

export function textOf(delivery: Delivery): string {
  return new TextDecoder().decode(delivery.body);
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
