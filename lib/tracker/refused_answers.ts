/**
 * Answers that Camunda refuses for good become an incident; whoever gave them learns of it in the target, since they believe
 * that they are done. Told once by the worker's event: losing one loses only the word.
 */
import { z } from "zod";
import type { TargetSystem } from "../../adapters/target_system.ts";
import type { Broker, Subscription } from "../amqp/broker.ts";
import { decodeMessage } from "../messages/json.ts";
import type { StopSignals } from "../program/guarded_consumer.ts";
import { FailureLog } from "../telemetry/repeats.ts";
import type { Log } from "../telemetry/log.ts";
import { aborted } from "../time/clock.ts";

export interface RefusedAnswersDeps {
  readonly broker: Pick<Broker, "readEvents">;
  readonly adapter: Pick<TargetSystem, "name">;
  readonly tell: NonNullable<TargetSystem["tellRefused"]>;
  readonly log: Log;
}

/** Creator and tracker set messages aside too, but those carry nobody's answer. */
const refusal = z.looseObject({ program: z.literal("worker"), task_id: z.string().min(1) });

const MOST_AT_ONCE = 50;
const MOST_WAITING = 1_000;

export class RefusedAnswers {
  readonly #subscription: Subscription;
  readonly #failures: FailureLog;
  readonly #waiting = new Set<string>();
  #work: Promise<void> | undefined;

  /** Listens at once. */
  constructor(private readonly deps: RefusedAnswersDeps, private readonly signals: StopSignals) {
    const { broker, adapter: { name }, log } = deps;
    const what = `People are not told in ${name} that their answers were refused`;
    this.#failures = new FailureLog(log, { code: "tracker.refused_answers", what });
    this.#subscription = broker.readEvents(`task.set_aside.${name}`, (_, body) => this.#take(body));
  }

  async ended(): Promise<void> {
    await aborted(this.signals.signal);
    await this.#subscription.close();
    await this.#work;
  }

  #take(body: Uint8Array): void {
    let taskId: string;
    try {
      taskId = decodeMessage(refusal, body).task_id;
    } catch {
      return; // of another program, or not an event of ours at all
    }
    if (this.#waiting.size < MOST_WAITING) this.#waiting.add(taskId);
    this.#work ??= this.#tell();
  }

  async #tell(): Promise<void> {
    while (this.#waiting.size > 0 && !this.signals.signal.aborted) {
      const taskIds = [...this.#waiting].slice(0, MOST_AT_ONCE);
      for (const taskId of taskIds) this.#waiting.delete(taskId);
      try {
        await this.deps.tell(taskIds, this.signals.force);
        this.#failures.recovered();
      } catch (error) {
        this.#failures.failed(error);
      }
    }
    this.#work = undefined;
  }
}
