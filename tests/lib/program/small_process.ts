/** Starts the small program as a process of its own, with the permissions of the real ones and nothing of our environment. */
import { fileURLToPath } from "node:url";
import { eventually } from "../amqp/eventually.ts";

/** Needs escaping in a URL. */
export const token = "sesame+open/42";

export interface SmallOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Written into the working folder before the start. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder outside the working folder that it may use, in place of /run/systemd. */
  readonly readable?: string;
}

export class SmallProcess implements AsyncDisposable {
  stdout = "";
  stderr = "";
  readonly #process: Deno.ChildProcess;
  readonly #outputRead: Promise<unknown>;

  private constructor(readonly folder: string, options: SmallOptions) {
    const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        `--config=${path("../../../deno.json")}`,
        "--allow-net",
        "--allow-env",
        `--allow-read=.,${options.readable ?? "/run/systemd/notify"}`,
        `--allow-write=.,${options.readable ?? "/run/systemd/notify"}`,
        path("small_program.ts"),
        ...options.args ?? [],
      ],
      cwd: folder,
      clearEnv: true,
      env: { ...inherited(), HEALTH_PORT: "none", SMALL_TOKEN: token, ...options.environment },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#outputRead = Promise.all([
      collect(this.#process.stdout, (text) => this.stdout += text),
      collect(this.#process.stderr, (text) => this.stderr += text),
    ]);
  }

  static async start(options: SmallOptions = {}): Promise<SmallProcess> {
    const folder = await Deno.makeTempDir({ prefix: "exchanger-small-" });
    for (const [name, text] of Object.entries(options.files ?? {})) await Deno.writeTextFile(`${folder}/${name}`, text);
    return new SmallProcess(folder, options);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** The lines of standard output as objects; for runs with JSON logs. */
  get lines(): readonly Record<string, unknown>[] {
    return this.stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** Waits until a line with this code was logged. */
  async logged(code: string): Promise<void> {
    await eventually(
      () => this.stdout.includes(`"code":"${code}"`),
      `${code} is logged; so far:\n${this.stdout}${this.stderr}`,
    );
  }

  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Resolves with the exit code once all output is there; a process that does not end by itself is a failure. */
  async ended(withinMs = 20_000): Promise<number> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#process.kill("SIGKILL");
    }, withinMs);
    await this.#outputRead;
    const { code } = await this.#process.status;
    clearTimeout(timer);
    if (late) throw new Error(`The process has not ended within ${withinMs} ms:\n${this.stdout}${this.stderr}`);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.#outputRead;
    await this.#process.status;
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Where Deno finds itself and what it has cached. */
function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(names.map((name) => [name, Deno.env.get(name) ?? ""]).filter(([, value]) => value !== ""));
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, keep: (text: string) => void): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) keep(text);
}
