/** A program as systemd starts it: a process of its own, its log read only for the lines that are waited for. */
import type { Launch } from "../tests/services/launch.ts";
import { NotifySocket } from "../tests/services/notify_socket.ts";

type Settings = Readonly<Record<string, string>>;

const running = new Set<BenchProgram>();

export class BenchProgram implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #logRead: Promise<void>;
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
  }

  /** Resolves when it has told systemd that it is ready. */
  static async start(name: string, launch: Launch, settings: Settings): Promise<BenchProgram> {
    const folder = await Deno.makeTempDir({ prefix: "exchanger-bench-" });
    const systemd = await NotifySocket.inFolder(folder);
    const startedAt = performance.now();
    const program = new BenchProgram(name, launch, settings, folder, systemd);
    running.add(program);
    program.#process.status.then(({ code }) => {
      running.delete(program);
      if (program.#stopping) return;
      // Without it there is nothing to measure: nobody handles this, so that it ends the benchmark.
      for (const other of running) other.#kill();
      throw new Error(`exchanger-${name} has ended with exit code ${code}:\n${program.#lastWords}`);
    });
    await systemd.told("READY=1");
    program.readyMs = performance.now() - startedAt;
    return program;
  }

  /** Resolves, with `performance.now()`, when it has logged so many lines of this code from now on. */
  next(code: string, many = 1): Promise<number> {
    const logged = Promise.withResolvers<number>();
    this.#expected.set(code, { left: many, logged });
    return logged.promise;
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
    this.#kill();
    await this.#process.status;
    await this.#logRead;
    await this.systemd[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }

  #kill(): void {
    this.#stopping = true;
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
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
