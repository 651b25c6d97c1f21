/** A program as systemd starts it: a process of its own, its log read only for the lines that are waited for. */
import type { Launch } from "../tests/services/launch.ts";
import { NotifySocket } from "../tests/services/notify_socket.ts";

type Settings = Readonly<Record<string, string>>;

export class BenchProgram implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #logRead: Promise<void>;
  /** Rejects if it ends unasked. */
  readonly #ended: Promise<never>;
  readonly #expected = new Map<string, { left: number; readonly logged: PromiseWithResolvers<number> }>();
  #lastWords = "";
  #stopping = false;
  /** From the start of the process to READY=1. */
  readyMs = NaN;

  private constructor(
    private readonly name: string,
    { command, args, env }: Launch,
    settings: Settings,
    private readonly folder: string,
    private readonly systemd: NotifySocket,
  ) {
    this.#process = new Deno.Command(command, {
      args: [...args],
      cwd: folder,
      clearEnv: true,
      env: { ...env, LOG_FORMAT: "json", HEALTH_PORT: "none", NOTIFY_SOCKET: `${folder}/notify`, ...settings },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#logRead = this.#readLog();
    this.#ended = this.#process.status.then(async ({ code }) => {
      await this.#logRead;
      if (this.#stopping) return await new Promise<never>(() => {});
      throw new Error(`exchanger-${name} has ended with exit code ${code}:\n${this.#lastWords}`);
    });
    this.#ended.catch(() => {}); // for whoever waits
  }

  /** Resolves when it has told systemd that it is ready. */
  static async start(name: string, launch: Launch, settings: Settings): Promise<BenchProgram> {
    const folder = await Deno.makeTempDir({ prefix: "exchanger-bench-" });
    const systemd = await NotifySocket.inFolder(folder);
    const startedAt = performance.now();
    const program = new BenchProgram(name, launch, settings, folder, systemd);
    try {
      await program.whileRunning(systemd.told("READY=1"));
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw error;
    }
    program.readyMs = performance.now() - startedAt;
    return program;
  }

  /** Resolves, with `performance.now()`, when it has logged so many lines of this code from now on. */
  next(code: string, many = 1): Promise<number> {
    const logged = Promise.withResolvers<number>();
    this.#expected.set(code, { left: many, logged });
    return this.whileRunning(logged.promise);
  }

  /** As `work`, but rejects with the program's last words if it ends by itself: there is nothing to measure then. */
  whileRunning<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#ended]);
  }

  /** VmRSS in megabytes. */
  async residentMb(): Promise<number> {
    const status = await Deno.readTextFile(`/proc/${this.#process.pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) / 1024;
  }

  /** Between the two it stands still, and what is for it gathers. */
  freeze(): void {
    this.#process.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process.kill("SIGCONT");
  }

  /** Sends SIGTERM; returns the milliseconds until it has ended. */
  async stop(): Promise<number> {
    this.#stopping = true;
    const askedAt = performance.now();
    this.#process.kill("SIGTERM");
    const { code } = await this.#process.status;
    const tookMs = performance.now() - askedAt;
    if (code !== 0) throw new Error(`exchanger-${this.name} ended with exit code ${code}:\n${this.#lastWords}`);
    return tookMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
    await this.#logRead;
    await this.systemd[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #readLog(): Promise<void> {
    let begun = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      this.#lastWords = (this.#lastWords + text).slice(-4_000);
      const lines = (begun + text).split("\n");
      begun = lines.pop() ?? "";
      for (const [code, expected] of this.#expected) {
        expected.left -= lines.filter((line) => line.includes(`"code":"${code}"`)).length;
        if (expected.left > 0) continue;
        this.#expected.delete(code);
        expected.logged.resolve(performance.now());
      }
    }
  }
}
