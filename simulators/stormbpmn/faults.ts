/** What can be wrong with StormBPMN, on demand. */
export interface Failure {
  readonly status: number;
  /** @default "Simulated" */
  readonly message?: string;
  /** In place of the error in Spring's shape. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page of something in front of StormBPMN; half of its answer; an answer whose connection breaks. */
export type Garbling = "html" | "truncated" | "broken";

interface Planned<T> {
  readonly path: string;
  readonly what: T;
  times: number;
}

export interface FaultOptions {
  /** Only requests whose path contains this: `get-diagram-by-id`. @default all */
  readonly path?: string;
  /** @default 1 */
  readonly times?: number;
}

export class Faults {
  /** Added to every answer. */
  latencyMs = 0;
  /** A gateway in front of a StormBPMN that does not answer: 502 and HTML. */
  down = false;
  readonly #failures: Planned<Failure>[] = [];
  readonly #garblings: Planned<Garbling>[] = [];

  failNext(failure: Failure, options: FaultOptions = {}): void {
    this.#failures.push({ path: options.path ?? "", what: failure, times: options.times ?? 1 });
  }

  garbleNext(garbling: Garbling, options: FaultOptions = {}): void {
    this.#garblings.push({ path: options.path ?? "", what: garbling, times: options.times ?? 1 });
  }

  /** For the server. */
  takeFailure(path: string): Failure | undefined {
    return take(this.#failures, path);
  }

  /** For the server. */
  takeGarbling(path: string): Garbling | undefined {
    return take(this.#garblings, path);
  }
}

function take<T>(planned: Planned<T>[], path: string): T | undefined {
  const next = planned.find((fault) => fault.times > 0 && path.includes(fault.path));
  if (next === undefined) return undefined;
  next.times--;
  return next.what;
}
