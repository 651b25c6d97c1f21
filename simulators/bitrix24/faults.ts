/** What can be wrong with a portal, on demand. */
export interface Failure {
  readonly status: number;
  /** The vendor's code, such as `QUERY_LIMIT_EXCEEDED`. */
  readonly error: string;
  readonly description?: string;
}

/** A page of something in front of the portal, or half of the portal's own answer. */
export type Garbling = "html" | "truncated";

interface Planned<T> {
  readonly method: string | undefined;
  readonly what: T;
  times: number;
}

export class Faults {
  /** Added to every answer. */
  latencyMs = 0;
  /** A gateway in front of a portal that does not answer: 502 and HTML. */
  down = false;
  readonly #failures: Planned<Failure>[] = [];
  readonly #refusals: Planned<Failure>[] = [];
  readonly #drops: Planned<undefined>[] = [];
  readonly #garblings: Planned<Garbling>[] = [];
  readonly #latencies = new Map<string, number>();

  /** The next requests (that call `method`, also inside a batch) fail as a whole, without effect. */
  failNext(failure: Failure, options: { readonly method?: string; readonly times?: number } = {}): void {
    this.#failures.push({ method: options.method, what: failure, times: options.times ?? 1 });
  }

  /** The next calls of `method` fail without effect, also inside a batch, whose other commands go on. */
  refuseNext(failure: Failure, method: string, options: { readonly times?: number } = {}): void {
    this.#refusals.push({ method, what: failure, times: options.times ?? 1 });
  }

  /** The next requests that call `method` take effect, but the connection breaks before their answer is read. */
  dropAnswer(method: string, options: { readonly times?: number } = {}): void {
    this.#drops.push({ method, what: undefined, times: options.times ?? 1 });
  }

  /** The next requests are answered with status 200, but not readably: `html` is without effect, `truncated` after it. */
  garbleNext(garbling: Garbling, options: { readonly method?: string; readonly times?: number } = {}): void {
    this.#garblings.push({ method: options.method, what: garbling, times: options.times ?? 1 });
  }

  /** From now on each call of `method` takes this long, also inside a batch, and counts as working; 0 ends it. */
  latency(method: string, ms: number): void {
    this.#latencies.set(method, ms);
  }

  /** For the server: the failure planned for a request that calls these methods. */
  takeFailure(methods: readonly string[]): Failure | undefined {
    return take(this.#failures, methods)?.what;
  }

  /** For the server: the failure planned for one call. */
  takeRefusal(method: string): Failure | undefined {
    return take(this.#refusals, [method])?.what;
  }

  /** For the server: whether the answer to such a request is to be lost. */
  takeDrop(methods: readonly string[]): boolean {
    return take(this.#drops, methods) !== undefined;
  }

  /** For the server: how the answer to such a request is to be garbled. */
  takeGarbling(methods: readonly string[]): Garbling | undefined {
    return take(this.#garblings, methods)?.what;
  }

  /** For the server: what one call of the method takes. */
  latencyOf(method: string): number {
    return this.#latencies.get(method) ?? 0;
  }
}

function take<T>(planned: Planned<T>[], methods: readonly string[]): Planned<T> | undefined {
  const next = planned.find(({ method, times }) => times > 0 && (method === undefined || methods.includes(method)));
  if (next !== undefined) next.times--;
  return next;
}
