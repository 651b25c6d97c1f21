/**
 * Parked fetchAndLock requests. One list, looked through in order when a task appears, when a lock is given up, when a poll
 * runs out and every 30 s (FetchAndLockHandlerImpl). Nobody notices a client that has gone: its poll still locks tasks.
 */
import type { Clock } from "../../lib/time/clock.ts";
import { EngineError } from "./engine_error.ts";
import type { LockedTask } from "./fetch_and_lock.ts";
import type { PollRequest } from "./rest_bodies.ts";

interface ParkedPoll {
  readonly request: PollRequest;
  readonly deadlineMs: number;
  readonly answer: (tasks: LockedTask[]) => void;
  readonly fail: (error: unknown) => void;
  /** Ends the poll's own timer. */
  readonly settled: AbortController;
}

const recheckMs = 30_000;

export class LongPolls implements Disposable {
  readonly #parked = new Set<ParkedPoll>();
  #scanDue = false;

  constructor(
    private readonly clock: Clock,
    private readonly maxPending: number,
    private readonly fetch: (request: PollRequest) => LockedTask[],
  ) {}

  get pending(): number {
    return this.#parked.size;
  }

  async poll(request: PollRequest): Promise<LockedTask[]> {
    const tasks = this.fetch(request);
    if (tasks.length > 0 || !request.waitMs || request.waitMs < 0) return tasks;
    if (this.#parked.size >= this.maxPending) {
      const message =
        "At the moment the server has to handle too many requests at the same time. Please try again later.";
      throw new EngineError(500, "InvalidRequestException", message, null);
    }
    const { promise, resolve, reject } = Promise.withResolvers<LockedTask[]>();
    const deadlineMs = this.clock.now() + request.waitMs;
    const poll = { request, deadlineMs, answer: resolve, fail: reject, settled: new AbortController() };
    this.#parked.add(poll);
    this.#watch(poll);
    return await promise;
  }

  /** Looks at all parked polls again, once for all causes of this moment. */
  wake(): void {
    if (this.#scanDue || this.#parked.size === 0) return;
    this.#scanDue = true;
    queueMicrotask(() => {
      this.#scanDue = false;
      this.#scan();
    });
  }

  /** Answers every parked poll with nothing, as a server that stops. */
  [Symbol.dispose](): void {
    for (const poll of this.#parked) this.#settle(poll, () => poll.answer([]));
  }

  #scan(): void {
    for (const poll of this.#parked) {
      try {
        const tasks = this.fetch(poll.request);
        if (tasks.length > 0 || this.clock.now() >= poll.deadlineMs) this.#settle(poll, () => poll.answer(tasks));
      } catch (error) {
        this.#settle(poll, () => poll.fail(error));
      }
    }
  }

  #settle(poll: ParkedPoll, answer: () => void): void {
    this.#parked.delete(poll);
    poll.settled.abort();
    answer();
  }

  async #watch(poll: ParkedPoll): Promise<void> {
    while (this.#parked.has(poll)) {
      const remainingMs = Math.max(0, poll.deadlineMs - this.clock.now());
      try {
        await this.clock.sleep(Math.min(recheckMs, remainingMs), poll.settled.signal);
      } catch {
        return; // answered meanwhile
      }
      this.#scan();
    }
  }
}
