/** The three programs as people start them: command line, settings, `check`; what they say and how they end. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startBitrix24Simulator } from "../../simulators/bitrix24/simulator.ts";
import { available } from "./world.ts";
import { createVhost } from "../services/rabbitmq.ts";

const programs = ["worker", "creator", "tracker"] as const;
type ProgramName = typeof programs[number];

/** A secret in every place where one can be. */
const PASSWORD = "sesame-42";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end in an empty folder, with the permissions of `deno task` and nothing of our environment. */
async function ended(
  program: ProgramName,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
  const folder = await Deno.makeTempDir({ prefix: "exchanger-command-" });
  try {
    const config = `--config=${path("deno.json")}`;
    const permissions = ["--no-prompt", "--allow-net", "--allow-env", "--allow-read=.", "--allow-write=."];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", config, ...permissions, path(`${program}.ts`), ...args],
      cwd: folder,
      clearEnv: true,
      env: { ...whereDenoKeepsThings(), HEALTH_PORT: "none", ...settings },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function whereDenoKeepsThings(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(names.map((name) => [name, Deno.env.get(name) ?? ""]).filter(([, value]) => value !== ""));
}

function nobodysPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function assertNoSecret({ stdout, stderr }: Ended): void {
  assert.doesNotMatch(stdout + stderr, new RegExp(PASSWORD));
}

/** A set of services that do not exist. */
function nowhere(): Record<string, string> {
  const port = nobodysPort();
  return {
    CAMUNDA_BASE_URL: `http://127.0.0.1:${port}/engine-rest`,
    CAMUNDA_AUTH_USERNAME: "demo",
    CAMUNDA_AUTH_PASSWORD: PASSWORD,
    RABBITMQ_HOST: "127.0.0.1",
    RABBITMQ_PORT: String(port),
    RABBITMQ_USERNAME: "exchanger",
    RABBITMQ_PASSWORD: PASSWORD,
    RABBITMQ_VIRTUAL_HOST: "/test",
    BITRIX_WEBHOOK_URL: `http://127.0.0.1:${port}/rest/1/${PASSWORD}`,
  };
}

/** A worker needs no target system; the others would have nothing to do without one. */
const requiredBy = (program: string) => program === "worker" ? required : [...required, "BITRIX_WEBHOOK_URL"];
const required = [
  "CAMUNDA_BASE_URL",
  "CAMUNDA_AUTH_USERNAME",
  "CAMUNDA_AUTH_PASSWORD",
  "RABBITMQ_HOST",
  "RABBITMQ_USERNAME",
  "RABBITMQ_PASSWORD",
  "RABBITMQ_VIRTUAL_HOST",
];

for (const program of programs) {
  Deno.test(`${program} without any settings names all that are missing in one report, with exit code 3`, async () => {
    for (const args of [["--settings"], ["check"], []]) {
      const { code, stdout, stderr } = await ended(program, args);
      assert.deepEqual([code, stdout], [3, ""]);
      const named = [...stderr.matchAll(/^ {2}✗ (\w+) is not set/gm)].map(([, name]) => name);
      assert.deepEqual(named.toSorted(), requiredBy(program).toSorted());
      for (const name of requiredBy(program)) assert.match(stderr, new RegExp(`for example: ${name}=\\S`));
    }
  });

  Deno.test(`${program} --help shows its commands, examples and exit codes`, async () => {
    const { code, stdout, stderr } = await ended(program, ["--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^Usage: exchanger-${program} \\[options\\] \\[command\\]`));
    assert.match(stdout, new RegExp(`exchanger-${program} check `));
    assert.match(stdout, /Exit codes: 0 ok, /);
  });

  Deno.test(`${program} --settings prints what it would run with, and no secret`, async () => {
    const result = await ended(program, ["--settings"], nowhere());
    assert.equal(result.code, 0);
    assert.match(result.stdout, /^CAMUNDA_WORKER_ID=universal-worker +# default$/m);
    assert.match(result.stdout, /^RABBITMQ_PASSWORD=\*\*\* +# environment$/m);
    assert.equal(result.stderr, "", "settings of the other programs are no strangers");
    assertNoSecret(result);
  });

  Deno.test(`${program} check says what is down and what to do, with exit code 4`, async () => {
    const result = await ended(program, ["check"], nowhere());
    assert.equal(result.code, 4);
    const down = program === "worker" ? ["Camunda", "RabbitMQ"] : ["Camunda", "RabbitMQ", "Bitrix24: webhook"];
    for (const name of down) assert.match(result.stdout, new RegExp(`^✗ ${name}: .+\\n +→ \\S`, "m"));
    assert.match(result.stdout, /^✗ Camunda: .*refused/m);
    assert.match(result.stdout, /^✗ RabbitMQ: .*connection refused/m);
    assertNoSecret(result);
  });
}

const ignore = !available("real");

for (const program of programs) {
  Deno.test(`${program} check finds the real services well, with exit code 0`, { ignore }, async () => {
    await using vhost = await createVhost();
    await using portal = await startBitrix24Simulator({ secret: PASSWORD });
    const result = await ended(program, ["check", "--json"], {
      ...vhost.settings,
      ...realCamunda(),
      BITRIX_WEBHOOK_URL: portal.webhookUrl,
    });
    assert.equal(result.code, 0, result.stdout + result.stderr);
    assert.match(result.stdout, /^\{"ok":true,/);
    assertNoSecret(result);
  });

  Deno.test(`${program} check says that RabbitMQ refused the password`, { ignore }, async () => {
    await using vhost = await createVhost();
    const result = await ended(program, ["check"], {
      ...vhost.settings,
      ...realCamunda(),
      RABBITMQ_PASSWORD: PASSWORD,
      BITRIX_WEBHOOK_URL: nowhere()["BITRIX_WEBHOOK_URL"] ?? "",
    });
    assert.equal(result.code, 4);
    assert.match(result.stdout, /^✗ RabbitMQ: .*refuses the password of user ".+": check .*RABBITMQ_PASSWORD/m);
    assert.match(result.stdout, /^✓ Camunda: version \d/m);
    assertNoSecret(result);
  });
}

function realCamunda(): Record<string, string> {
  return { CAMUNDA_BASE_URL: Deno.env.get("CAMUNDA_BASE_URL") ?? "", CAMUNDA_AUTH_ENABLED: "false" };
}
