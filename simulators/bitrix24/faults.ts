/** What can be wrong with a portal, on demand. */
export interface Failure {
  readonly status: number;
  /** The vendor's code, such as `QUERY_LIMIT_EXCEEDED`. */
  readonly error: string;
  readonly description?: string;
}

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
  readonly #drops: Planned<undefined>[] = [];

  /** The next requests (that call `method`, also inside a batch) fail as a whole, without effect. */
  failNext(failure: Failure, options: { readonly method?: string; readonly times?: number } = {}): void {
    this.#failures.push({ method: options.method, what: failure, times: options.times ?? 1 });
  }

  /** The next requests that call `method` take effect, but the connection breaks before their answer is read. */
  dropAnswer(method: string, options: { readonly times?: number } = {}): void {
    this.#drops.push({ method, what: undefined, times: options.times ?? 1 });
  }

  /** For the server: the failure planned for a request that calls these methods. */
  takeFailure(methods: readonly string[]): Failure | undefined {
    return take(this.#failures, methods)?.what;
  }

  /** For the server: whether the answer to such a request is to be lost. */
  takeDrop(methods: readonly string[]): boolean {
    return take(this.#drops, methods) !== undefined;
  }
}

function take<T>(planned: Planned<T>[], methods: readonly string[]): Planned<T> | undefined {
  const next = planned.find(({ method, times }) => times > 0 && (method === undefined || methods.includes(method)));
  if (next !== undefined) next.times--;
  return next;
}
