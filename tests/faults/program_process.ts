/**
 * A program as a process of its own, with the permissions of the real one, so that a test can kill it at an exact
 * point of its work, freeze it, or ask it to stop. Nothing in the program knows of this: the points are its log lines.
 */
import { z } from "zod";
import { eventually } from "../lib/amqp/eventually.ts";
import { type Launch, launchOf, type ProgramForm, type ProgramName } from "../services/launch.ts";

const logLine = z.looseObject({
  code: z.string(),
  level: z.string(),
  msg: z.string(),
  taskId: z.string().optional(),
  /** What a line about a lead is about. */
  name: z.string().optional(),
});
export type LogLine = z.infer<typeof logLine>;

const readiness = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });
export type Readiness = z.infer<typeof readiness>;

interface Trap {
  readonly code: string;
  timesLeft: number;
}

const stopDeadlineMs = 30_000;

export class ProgramProcess implements AsyncDisposable {
  readonly lines: LogLine[] = [];
  /** What it said that is no log line: settings that are wrong, a crash of the runtime. */
  #otherOutput = "";
  #exitCode: number | undefined;
  readonly #traps = new Set<Trap>();
  readonly #process: Deno.ChildProcess;
  readonly #ended: Promise<number>;

  private constructor(
    { command, args, env }: Launch,
    private readonly folder: string,
    private readonly health: Deno.NetAddr,
    settings: Env,
  ) {
    this.#process = new Deno.Command(command, {
      args: [...args],
      // An empty folder: no .env of the work tree is read.
      cwd: folder,
      clearEnv: true,
      env: { ...env, LOG_FORMAT: "json", LOG_LEVEL: "debug", ...healthSettings(health), ...settings },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const outputRead = Promise.all([
      this.#readLines(this.#process.stdout),
      collect(this.#process.stderr, (text) => this.#otherOutput += text),
    ]);
    this.#ended = this.#process.status.then(async ({ code }) => {
      await outputRead;
      return this.#exitCode = code;
    });
  }

  static async start(name: ProgramName, settings: Env, form: ProgramForm = "source"): Promise<ProgramProcess> {
    const folder = await Deno.makeTempDir({ prefix: "exchanger-program-" });
    return new ProgramProcess(launchOf(name, form), folder, freeAddress(), settings);
  }

  /** Waits until lines of this code (and this name) were logged; a program that has ended will log no more. */
  async logged(code: string, options: { times?: number; withinMs?: number; name?: string } = {}): Promise<void> {
    const { times = 1, withinMs = 20_000, name } = options;
    await this.until(() => this.count(code, name) >= times, `line ${code} (${times})`, withinMs);
  }

  count(code: string, name?: string): number {
    return this.lines.filter((line) => line.code === code && (name === undefined || line.name === name)).length;
  }

  /** Resolves once it is killed, at the n-th line of this code from now on. */
  async kill9At(code: string, times = 1): Promise<void> {
    const trap = { code, timesLeft: times };
    this.#traps.add(trap);
    await this.until(() => !this.#traps.has(trap), `line ${code} (${times} more), to be killed there`, 60_000);
    await this.#ended;
  }

  /** What `/readyz` says, `undefined` while nobody answers there. */
  async readiness(): Promise<Readiness | undefined> {
    try {
      const answer = await fetch(`http://${this.health.hostname}:${this.health.port}/readyz`);
      return readiness.parse(await answer.json());
    } catch {
      return undefined;
    }
  }

  /** A figure without labels from `/metrics`. */
  async metric(name: string): Promise<number | undefined> {
    const answer = await fetch(`http://${this.health.hostname}:${this.health.port}/metrics`);
    const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "m").exec(await answer.text())?.[1];
    return value === undefined ? undefined : Number(value);
  }

  async ready(withinMs = 30_000): Promise<void> {
    await this.until(async () => (await this.readiness())?.ready === true, "readiness", withinMs);
  }

  /** Waits until `/readyz` names a reason like this one. */
  async unready(reason: RegExp, withinMs = 20_000): Promise<void> {
    const named = async () => (await this.readiness())?.reasons.some((one) => reason.test(one)) === true;
    await this.until(named, `/readyz says ${reason}`, withinMs);
  }

  async kill9(): Promise<void> {
    this.#signal("SIGKILL");
    await this.#ended;
  }

  /** Freezes it: its sockets stay open and nobody answers on them. */
  suspend(): void {
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#signal("SIGCONT");
  }

  /** Asks it to stop and resolves with its exit code; one that does not stop is killed and a failure. */
  async stop(): Promise<number> {
    this.#signal("SIGTERM");
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#signal("SIGKILL");
    }, stopDeadlineMs);
    const code = await this.#ended;
    clearTimeout(timer);
    if (late) throw new Error(`The program has not stopped within ${stopDeadlineMs} ms\n${this.#lastWords()}`);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill9();
    await Deno.remove(this.folder, { recursive: true });
  }

  /** Waits until the condition holds; a program that has ended will not make it hold any more. */
  async until(condition: () => boolean | Promise<boolean>, what: string, withinMs: number): Promise<void> {
    try {
      await eventually(
        async () => {
          if (await condition()) return true;
          if (this.#exitCode === undefined) return false;
          throw new Error(`The program ended with exit code ${this.#exitCode} before ${what}`);
        },
        what,
        withinMs,
      );
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${this.#lastWords()}`);
    }
  }

  #lastWords(): string {
    const told = this.lines.filter(({ level }) => level !== "debug").slice(-15);
    return [...told.map((line) => JSON.stringify(line)), this.#otherOutput].join("\n");
  }

  #signal(signal: Deno.Signal): void {
    if (this.#exitCode !== undefined) return;
    try {
      this.#process.kill(signal);
    } catch {
      // It ended a moment ago.
    }
  }

  async #readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let rest = "";
    await collect(stream, (text) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) this.#take(part);
    });
  }

  #take(text: string): void {
    let line: LogLine;
    try {
      line = logLine.parse(JSON.parse(text));
    } catch {
      this.#otherOutput += `${text}\n`;
      return;
    }
    this.lines.push(line);
    for (const trap of this.#traps) {
      if (trap.code !== line.code || --trap.timesLeft > 0) continue;
      this.#signal("SIGKILL");
      this.#traps.delete(trap);
    }
  }
}

type Env = Readonly<Record<string, string>>;

/** Where the system has them, on a loopback address of its own: on 127.0.0.1 a port that was free may be taken by now. */
function freeAddress(): Deno.NetAddr {
  const part = () => 1 + Math.floor(Math.random() * 254);
  const hostname = Deno.build.os === "linux" ? `127.${part()}.${part()}.${part()}` : "127.0.0.1";
  const listener = Deno.listen({ hostname, port: 0 });
  listener.close();
  return listener.addr;
}

function healthSettings({ hostname, port }: Deno.NetAddr): Env {
  return { HEALTH_HOST: hostname, HEALTH_PORT: String(port) };
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, keep: (text: string) => void): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) keep(text);
}
