/**
 * An HTTP proxy in front of Camunda or a portal that interferes with single requests: it can hold them or their answers,
 * lose either, or answer in the server's place. So a test chooses the exact instant between two steps of the program.
 */
import { type Connection, serveHttp } from "../../simulators/camunda/http_server.ts";
import { eventually } from "../lib/amqp/eventually.ts";

/**
 * - `hold_request`: the server does not get it until it is released.
 * - `hold_answer`: the server has done it; the program is not told until it is released.
 * - `drop_request`, `drop_answer`: the same, but the connection ends instead.
 * - `answer`: the server never sees it.
 */
export type Interference =
  | { readonly kind: "hold_request" | "hold_answer" | "drop_request" | "drop_answer" }
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown };

export interface Trap {
  /** How many have come into the trap. */
  readonly requests: number;
  /** Waits until this many requests have come into the trap. */
  entered(times?: number): Promise<void>;
  /** Waits until this many are held, lost or answered; where the answer is concerned, the server has done its part by then. */
  caught(times?: number): Promise<void>;
  /** Lets go what is held and catches no more. */
  release(): void;
  /** What is held is lost; catches no more. */
  discard(): void;
}

export interface RequestProxy extends AsyncDisposable {
  readonly port: number;
  /**
   * Interferes with the next requests whose `POST /external-task/…/complete` matches: method, blank, path with query. For a
   * pattern with a `\n` in it the body follows on the next line. With `every: 2` only with each second of them.
   */
  interfere(
    pattern: RegExp,
    interference: Interference,
    times?: number,
    options?: { readonly every?: number },
  ): Trap;
}

interface SetTrap extends Trap {
  readonly pattern: RegExp;
  readonly interference: Interference;
  timesLeft: number;
  readonly every: number;
  /** That matched, caught or not. */
  seen: number;
  requests: number;
  done: number;
  /** Whether what is held goes on its way. */
  readonly goesOn: Promise<boolean>;
}

/** The engine's answer to an update that lost against another one at the same time. */
export const optimisticLocking = {
  kind: "answer",
  status: 500,
  body: {
    type: "ProcessEngineException",
    message: "ENGINE-03005 Execution of 'UPDATE ExecutionEntity' failed. Entity was updated by another transaction.",
    code: 1,
  },
} as const satisfies Interference;

/** @param target the server's origin, `http://127.0.0.1:8080` */
export async function startRequestProxy(target: string): Promise<RequestProxy> {
  const traps = new Set<SetTrap>();
  const closing = new AbortController();
  const client = Deno.createHttpClient({});

  async function forward(request: Request, body: ArrayBuffer | null): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.delete("host");
    const answer = await fetch(`${target}${pathname}${search}`, {
      method: request.method,
      headers,
      body,
      client,
      signal: closing.signal,
      redirect: "manual",
    });
    const content = await answer.arrayBuffer();
    const type = answer.headers.get("content-type");
    return new Response(answer.status === 204 ? null : content, {
      status: answer.status,
      headers: type === null ? {} : { "content-type": type },
    });
  }

  async function handle(request: Request, connection: Connection): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = request.method === "GET" ? null : await request.arrayBuffer();
    const start = `${request.method} ${pathname}${search}`;
    const whole = () => `${start}\n${new TextDecoder().decode(body ?? new ArrayBuffer())}`;
    const trap = [...traps].find(({ pattern, timesLeft }) =>
      timesLeft > 0 && pattern.test(pattern.source.includes("\\n") ? whole() : start)
    );
    if (trap === undefined || ++trap.seen % trap.every > 0) return await forward(request, body);
    trap.timesLeft--;
    trap.requests++;
    const lose = () => {
      connection.drop();
      return new Response();
    };
    switch (trap.interference.kind) {
      case "hold_request":
        trap.done++;
        return await trap.goesOn ? await forward(request, body) : lose();
      case "hold_answer": {
        const answer = await forward(request, body);
        trap.done++;
        return await trap.goesOn ? answer : lose();
      }
      case "drop_request":
        trap.done++;
        return lose();
      case "drop_answer":
        await forward(request, body);
        trap.done++;
        return lose();
      case "answer":
        trap.done++;
        return Response.json(trap.interference.body, { status: trap.interference.status });
    }
  }

  const server = await serveHttp("127.0.0.1", 0, handle);
  return {
    port: server.port,
    interfere(pattern, interference, times = Infinity, { every = 1 } = {}) {
      const { promise: goesOn, resolve } = Promise.withResolvers<boolean>();
      const end = (whether: boolean) => {
        traps.delete(trap);
        resolve(whether);
      };
      const trap: SetTrap = {
        pattern,
        interference,
        timesLeft: times,
        every,
        seen: 0,
        requests: 0,
        done: 0,
        goesOn,
        entered: (least = 1) => eventually(() => trap.requests >= least, `${least} requests like ${pattern}`),
        caught: (least = 1) => eventually(() => trap.done >= least, `${least} requests like ${pattern} caught`),
        release: () => end(true),
        discard: () => end(false),
      };
      traps.add(trap);
      return trap;
    },
    async [Symbol.asyncDispose]() {
      for (const trap of traps) trap.discard();
      closing.abort();
      await server[Symbol.asyncDispose]();
      client.close();
    },
  };
}
