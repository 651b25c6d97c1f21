/** Faults on demand: the next requests to some routes fail, are slow, or lose their connection before or after the effect. */
import type { Context, Next } from "hono";
import { routePath } from "hono/route";
import type { Clock } from "../../lib/time/clock.ts";
import type { Connection } from "./http_server.ts";

/** A part of, or a pattern for, `POST /external-task/…/complete`: method, blank, path below `/engine-rest`. */
export type RequestPattern = string | RegExp;

export interface FailureAnswer {
  readonly status: number;
  /** JSON or text. @default an engine error of this status */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a test can do to the simulator's HTTP side. */
export interface FaultControls {
  failNext(pattern: RequestPattern, answer: FailureAnswer, times?: number): void;
  /** @param times how many requests; all of them unless given */
  delay(pattern: RequestPattern, ms: number, times?: number): void;
  /**
   * Closes the connection without an answer, before anything happened unless `afterEffect`. Deno's fetch sends the request
   * once more by itself, POST included, if it had reused a connection (seen on 2.9): to see the client's own reaction, drop
   * twice or give it no pool.
   */
  dropConnection(pattern: RequestPattern, options?: { readonly afterEffect?: boolean; readonly times?: number }): void;
  /** Requests hang, like those to a stopped process, until `resume`. */
  suspend(): void;
  resume(): void;
  /** Ends every fault. */
  clearFaults(): void;
  /** Requests so far by route, such as `POST /external-task/:id/complete`, faults included. */
  requestCounts(): Readonly<Record<string, number>>;
}

type Effect =
  | { readonly kind: "answer"; readonly answer: FailureAnswer }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "drop"; readonly afterEffect: boolean };

interface Fault {
  readonly pattern: RequestPattern;
  readonly effect: Effect;
  timesLeft: number;
}

export class Faults implements FaultControls {
  readonly #faults: Fault[] = [];
  readonly #counts = new Map<string, number>();
  #suspended: PromiseWithResolvers<void> | undefined;

  constructor(private readonly clock: Clock, private readonly signal: AbortSignal) {}

  failNext(pattern: RequestPattern, answer: FailureAnswer, times = 1): void {
    this.#faults.push({ pattern, effect: { kind: "answer", answer }, timesLeft: times });
  }

  delay(pattern: RequestPattern, ms: number, times = Infinity): void {
    this.#faults.push({ pattern, effect: { kind: "delay", ms }, timesLeft: times });
  }

  dropConnection(pattern: RequestPattern, { afterEffect = false, times = 1 } = {}): void {
    this.#faults.push({ pattern, effect: { kind: "drop", afterEffect }, timesLeft: times });
  }

  suspend(): void {
    this.#suspended ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#suspended?.resolve();
    this.#suspended = undefined;
  }

  clearFaults(): void {
    this.#faults.length = 0;
    this.resume();
  }

  requestCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Stands before every route. */
  readonly middleware = async (c: Context<{ Bindings: Connection }>, next: Next): Promise<Response | void> => {
    const route = `${c.req.method} ${belowBase(routePath(c, -1))}`;
    this.#counts.set(route, (this.#counts.get(route) ?? 0) + 1);
    await this.#suspended?.promise;
    let dropAfterwards = false;
    for (const effect of this.#take(`${c.req.method} ${belowBase(c.req.path)}`)) {
      switch (effect.kind) {
        case "delay":
          await this.clock.sleep(effect.ms, this.signal);
          break;
        case "answer":
          return answerOf(effect.answer);
        case "drop":
          if (!effect.afterEffect) return c.env.drop();
          dropAfterwards = true;
          break;
      }
    }
    await next();
    if (dropAfterwards) c.env.drop();
  };

  #take(request: string): Effect[] {
    const due = this.#faults.filter(({ pattern, timesLeft }) =>
      timesLeft > 0 && (typeof pattern === "string" ? request.includes(pattern) : pattern.test(request))
    );
    for (const fault of due) fault.timesLeft--;
    return due.map(({ effect }) => effect);
  }
}

function belowBase(path: string): string {
  return path.replace(/^\/engine-rest/u, "");
}

function answerOf({ status, body, headers }: FailureAnswer): Response {
  const content = body ?? { type: "ProcessEngineException", message: `Simulated answer ${status}`, code: 0 };
  if (status === 204 || status === 304) return new Response(null, { status });
  if (typeof content === "string") return new Response(content, { status, headers: { ...headers } });
  return Response.json(content, { status, headers: { ...headers } });
}
