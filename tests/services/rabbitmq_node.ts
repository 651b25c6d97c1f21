/**
 * A RabbitMQ node of our own, from the rabbitmq-server that is installed: own name, ports, data, cookie and port mapper
 * (epmd), so that many run side by side and none touches a broker that was there before.
 */
import amqp from "amqplib";
import { existsSync } from "node:fs";

/** The scripts behind Debian's wrappers, which would change the user and drop our environment. */
const scripts = "/usr/lib/rabbitmq/bin";
const startDeadlineMs = 60_000;

export interface RabbitMqNode extends AsyncDisposable {
  /** `amqp://guest:guest@127.0.0.1:<port>` */
  readonly url: string;
  /** `http://guest:guest@127.0.0.1:<port>` */
  readonly managementUrl: string;
  readonly port: number;
  /** Answers only if started with `tls`. */
  readonly tlsPort: number;
  /** Starts it again, with its data, after `stop` or `kill`. */
  start(): Promise<void>;
  /** Ends it cleanly. */
  stop(): Promise<void>;
  /** As a crash does. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Freezes it: sockets stay open and nothing answers. */
  suspend(): void;
  resume(): void;
  /** Runs `rabbitmqctl` and returns what it printed. */
  ctl(...args: string[]): Promise<string>;
}

export interface RabbitMqNodeOptions {
  /** PEM files for an AMQPS listener on `tlsPort`. */
  readonly tls?: { readonly authority: string; readonly certificate: string; readonly key: string };
}

/** Whether `startRabbitMqNode` can start one without installing anything. */
export const canStartRabbitMqNode = existsSync(`${scripts}/rabbitmq-server`);

/** Installs Debian's rabbitmq-server if there is none. Needs root then. */
export async function installRabbitMq(): Promise<void> {
  if (existsSync(`${scripts}/rabbitmq-server`)) return;
  if (Deno.uid() !== 0) {
    throw new Error("rabbitmq-server is not installed and only root can install it. Install it, or set RABBITMQ_URL.");
  }
  // Debian starts a service that it installs unless this file says no.
  const policy = "/usr/sbin/policy-rc.d";
  const ownPolicy = !existsSync(policy);
  if (ownPolicy) await Deno.writeTextFile(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    const apt = ["-o", "DPkg::Lock::Timeout=300"];
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", [...apt, "update"], env);
    await run("apt-get", [...apt, "install", "-y", "--no-install-recommends", "rabbitmq-server"], env);
  } finally {
    if (ownPolicy) await Deno.remove(policy);
  }
}

/** Starts a node and resolves when it takes connections; it is gone, with its data, after disposal. */
export async function startRabbitMqNode({ tls }: RabbitMqNodeOptions = {}): Promise<RabbitMqNode> {
  if (!existsSync(`${scripts}/rabbitmq-server`)) {
    throw new Error(`No rabbitmq-server in ${scripts}. Install Debian's rabbitmq-server, or set RABBITMQ_URL.`);
  }
  const [port, tlsPort, managementPort, distributionPort, epmdPort] = freePorts();
  const folder = await Deno.makeTempDir({ prefix: "exchanger-rabbitmq-" });
  const env = {
    HOME: folder,
    ERL_EPMD_PORT: `${epmdPort}`,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: `exchanger-${port}@localhost`,
    RABBITMQ_DIST_PORT: `${distributionPort}`,
    RABBITMQ_CONF_ENV_FILE: `${folder}/rabbitmq-env.conf`,
    RABBITMQ_CONFIG_FILE: `${folder}/rabbitmq.conf`,
    RABBITMQ_ADVANCED_CONFIG_FILE: `${folder}/advanced.config`,
    RABBITMQ_ENABLED_PLUGINS_FILE: `${folder}/enabled_plugins`,
    RABBITMQ_MNESIA_BASE: `${folder}/data`,
    RABBITMQ_LOG_BASE: `${folder}/log`,
    RABBITMQ_PID_FILE: `${folder}/pid`,
    // Makes the start script exec the Erlang machine, so that its process id is the node's.
    RUNNING_UNDER_SYSTEMD: "true",
    // No busy waiting of idle schedulers: tests share few cores.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
  };
  await Promise.all([
    Deno.writeTextFile(`${folder}/.erlang.cookie`, crypto.randomUUID(), { mode: 0o400 }),
    Deno.writeTextFile(`${folder}/rabbitmq-env.conf`, ""),
    Deno.writeTextFile(`${folder}/enabled_plugins`, "[rabbitmq_management].\n"),
    Deno.writeTextFile(
      `${folder}/rabbitmq.conf`,
      [
        `listeners.tcp.1 = 127.0.0.1:${port}`,
        "management.tcp.ip = 127.0.0.1",
        `management.tcp.port = ${managementPort}`,
        "collect_statistics_interval = 1000",
        "disk_free_limit.absolute = 10MB",
        ...(tls === undefined ? [] : [
          `listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
          `ssl_options.cacertfile = ${tls.authority}`,
          `ssl_options.certfile = ${tls.certificate}`,
          `ssl_options.keyfile = ${tls.key}`,
        ]),
        "",
      ].join("\n"),
    ),
  ]);

  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const managementUrl = `http://guest:guest@127.0.0.1:${managementPort}`;
  const epmd = await spawnGuarded("epmd", ["-port", `${epmdPort}`, "-address", "127.0.0.1"], env);
  let beam: GuardedProcess | undefined;

  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    await beam?.end(signal);
    beam = undefined;
  };
  const node: RabbitMqNode = {
    url,
    managementUrl,
    port,
    tlsPort,
    async start() {
      if (beam !== undefined) return;
      const started = beam = await spawnGuarded(`${scripts}/rabbitmq-server`, [], env);
      const deadline = performance.now() + startDeadlineMs;
      while (!(await answers(url, managementUrl))) {
        if (started.exited || performance.now() > deadline) {
          await end("SIGKILL");
          throw new Error(`The RabbitMQ node on port ${port} did not start:\n${await lastLogLines(folder)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    async restart() {
      await node.stop();
      await node.start();
    },
    suspend: () => beam?.signal("SIGSTOP"),
    resume: () => beam?.signal("SIGCONT"),
    ctl: (...args) => run(`${scripts}/rabbitmqctl`, ["--quiet", ...args], env),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      await epmd.end("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    },
  };
  try {
    await node.start();
  } catch (error) {
    await node[Symbol.asyncDispose]();
    throw error;
  }
  return node;
}

interface GuardedProcess {
  readonly exited: boolean;
  signal(signal: Deno.Signal): void;
  /** Sends the signal and waits until the process is gone. */
  end(signal: Deno.Signal): Promise<void>;
}

/**
 * A process that cannot outlive ours: it is killed as soon as the pipe to it breaks, even when we are killed ourselves.
 */
async function spawnGuarded(command: string, args: string[], env: Record<string, string>): Promise<GuardedProcess> {
  const script = `exec 3<&0; "$@" </dev/null >/dev/null 2>&1 & child=$!; echo $child; exec >/dev/null
    (cat <&3; kill -9 $child) & guard=$!; exec 3<&-; wait $child; kill $guard`;
  const shell = new Deno.Command("sh", {
    args: ["-c", script, "sh", command, ...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = shell.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  const pid = Number.parseInt(value ?? "", 10);
  if (!(pid > 0)) throw new Error(`Cannot start ${command}`);

  let exited = false;
  const exit = shell.status.then(() => {
    exited = true;
  });
  const signal = (name: Deno.Signal) => {
    try {
      if (!exited) Deno.kill(pid, name);
    } catch (error) {
      // It ended a moment ago.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  return {
    get exited() {
      return exited;
    },
    signal,
    async end(last) {
      signal(last);
      // A suspended process acts on no signal but SIGKILL before it is continued.
      signal("SIGCONT");
      await exit;
      await shell.stdin.close();
    },
  };
}

async function answers(url: string, managementUrl: string): Promise<boolean> {
  try {
    const connection = await amqp.connect(url);
    await connection.close();
    const { origin, username, password } = new URL(managementUrl);
    const response = await fetch(`${origin}/api/overview`, {
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` },
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Ports that nobody listened on a moment ago. */
function freePorts(): [number, number, number, number, number] {
  const listeners = [0, 0, 0, 0, 0].map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = listeners.map(({ addr }) => addr.port);
  for (const listener of listeners) listener.close();
  return [a, b, c, d, e];
}

async function run(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env, stdin: "null" }).output();
  const decoder = new TextDecoder();
  if (!success) {
    const said = `${decoder.decode(stdout)}\n${decoder.decode(stderr)}`.trim().split("\n").slice(-10).join("\n");
    throw new Error(`${command} ${args.join(" ")} failed:\n${said}`);
  }
  return decoder.decode(stdout);
}

async function lastLogLines(folder: string): Promise<string> {
  const lines: string[] = [];
  try {
    for await (const { name } of Deno.readDir(`${folder}/log`)) {
      lines.push(...(await Deno.readTextFile(`${folder}/log/${name}`)).trim().split("\n").slice(-15));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return lines.join("\n") || "it wrote no log";
}
