/**
 * A real Camunda 7.24 for tests: Maven fetches its jars once, Java runs `engine/Engine.java` with a database in memory.
 * Run as a program it starts one and prints how to reach it:
 *
 *     deno run -A tests/services/camunda.ts
 */
import { createHash } from "node:crypto";

/** Whether tests can use a real engine; its REST API is at CAMUNDA_BASE_URL. */
export const camundaAvailable = Deno.env.has("CAMUNDA_BASE_URL");

export interface CamundaEngine extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/engine-rest` */
  readonly baseUrl: string;
  /** Has the database count what lies in its tables now, by which it chooses how to look things up. */
  analyze(): Promise<void>;
}

export interface CamundaEngineOptions {
  /** @default a free one */
  readonly port?: number;
  /** Where the jars are kept between runs. @default `$XDG_CACHE_HOME/exchanger-tests` */
  readonly cacheDir?: string;
  /** Jars whose names match are left out: `/spin/` is an engine without Json variables. */
  readonly without?: RegExp;
  /**
   * Whether the database counts its rows by itself, every 2,000 changes. What it then finds depends on the moment: from an
   * empty table it concludes a way of looking things up that makes a full one three times as slow.
   * @default true
   */
  readonly analyzesItself?: boolean;
  /** Further Spring properties: `{"camunda.bpm.rest-api.fetch-and-lock.queue-capacity": "5"}`. */
  readonly properties?: Readonly<Record<string, string>>;
}

const engineFolder = new URL("./engine/", import.meta.url).pathname;
const startDeadlineMs = 180_000;

/** Resolves when the engine answers; it is gone, with its data, after disposal. */
export async function startCamunda(options: CamundaEngineOptions = {}): Promise<CamundaEngine> {
  const jars = await engineJars(options.cacheDir ?? defaultCacheDir());
  const classpath = jars.filter((jar) => !options.without?.test(jar));
  const properties = {
    "server.address": "127.0.0.1",
    "server.port": `${options.port ?? 0}`,
    "spring.datasource.url": `jdbc:h2:mem:${crypto.randomUUID()};DB_CLOSE_DELAY=-1${
      options.analyzesItself === false ? ";ANALYZE_AUTO=0" : ""
    }`,
    "spring.main.banner-mode": "off",
    "logging.level.root": "WARN",
    // Tests provoke failures on purpose, and every one would be a stack trace.
    "logging.level.org.camunda": "OFF",
    ...options.properties,
  };
  const java = new Deno.Command("java", {
    args: [
      "-Xmx1g",
      // The second compiler would keep both cores busy for minutes: longer than most engines here live, and than a rate
      // can be trusted meanwhile.
      "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
      "-cp",
      classpath.join(":"),
      `${engineFolder}Engine.java`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();

  const port = Promise.withResolvers<number>();
  let analyzed = Promise.withResolvers<void>();
  const listened = (async () => {
    let said = "";
    for await (const text of java.stdout.pipeThrough(new TextDecoderStream())) {
      said = (said + text).slice(-2_000);
      const match = /^listening on (\d+)$/m.exec(said);
      if (match) port.resolve(Number(match[1]));
      if (text.includes("analyzed")) analyzed.resolve();
    }
    port.reject(new Error(`Camunda ended before it listened:\n${said}`));
  })();
  const timer = setTimeout(
    () => port.reject(new Error(`Camunda did not start within ${startDeadlineMs / 1000} s`)),
    startDeadlineMs,
  );
  const asked = java.stdin.getWriter();
  const stop = async () => {
    await asked.close();
    await java.status;
    await listened;
  };
  try {
    const baseUrl = `http://127.0.0.1:${await port.promise}/engine-rest`;
    const answer = await fetch(`${baseUrl}/version`);
    if (!answer.ok) throw new Error(`Camunda answers ${answer.status}: ${await answer.text()}`);
    await answer.body?.cancel();
    const analyze = async () => {
      analyzed = Promise.withResolvers();
      await asked.write(new TextEncoder().encode("analyze\n"));
      await analyzed.promise;
    };
    return { baseUrl, analyze, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The paths of the engine's jars, in a folder named by what the pom asks for. */
async function engineJars(cacheDir: string): Promise<string[]> {
  const pom = await Deno.readFile(`${engineFolder}pom.xml`);
  const digest = createHash("sha256").update(pom).digest("hex").slice(0, 16);
  const folder = `${cacheDir}/camunda-${digest}`;
  try {
    return listJars(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(cacheDir, { recursive: true });
  // Into a folder of our own and renamed, so that another run never sees half of it.
  const half = await Deno.makeTempDir({ dir: cacheDir });
  const { success, stdout } = await new Deno.Command("mvn", {
    args: ["-q", "-B", "-f", `${engineFolder}pom.xml`, "dependency:copy-dependencies", `-DoutputDirectory=${half}`],
    stdin: "null",
  }).output();
  if (!success) {
    await Deno.remove(half, { recursive: true });
    throw new Error(`Maven could not fetch Camunda:\n${new TextDecoder().decode(stdout).slice(0, 2_000)}`);
  }
  try {
    await Deno.rename(half, folder);
  } catch {
    // Another run was faster.
    await Deno.remove(half, { recursive: true });
  }
  return listJars(folder);
}

function listJars(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
}

function defaultCacheDir(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/tmp"}/.cache`;
  return `${cache}/exchanger-tests`;
}

if (import.meta.main) {
  const port = Number(Deno.args[0] ?? 0);
  await using engine = await startCamunda({ port });
  await Deno.stdout.write(new TextEncoder().encode(`export CAMUNDA_BASE_URL=${engine.baseUrl}\n`));
  const asked = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, asked.resolve);
  await asked.promise;
}
