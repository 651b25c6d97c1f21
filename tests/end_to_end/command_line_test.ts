/** The programs as people start them, from source and compiled: command line, settings, `check`; what they say, how they end. */
import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../simulators/bitrix24/simulator.ts";
import { available } from "./world.ts";
import { launchable, launchOf, type ProgramForm, type ProgramName, programNames } from "../services/launch.ts";
import { createVhost } from "../services/rabbitmq.ts";

/** A secret in every place where one can be. */
const PASSWORD = "sesame-42";

interface Started {
  readonly name: ProgramName;
  readonly form: ProgramForm;
  /** What a test's name calls it. */
  readonly title: string;
  /** Whether it cannot be started here. */
  readonly ignore: boolean;
}

const started: readonly Started[] = programNames.flatMap((name) => [
  { name, form: "source", title: name, ignore: false },
  { name, form: "executable", title: `${name}, compiled,`, ignore: !launchable("executable") },
]);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end in an empty folder. */
async function ended(
  { name, form }: Started,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const folder = await Deno.makeTempDir({ prefix: "exchanger-command-" });
  const launch = launchOf(name, form);
  try {
    const { code, stdout, stderr } = await new Deno.Command(launch.command, {
      args: [...launch.args, ...args],
      cwd: folder,
      clearEnv: true,
      env: { ...launch.env, HEALTH_PORT: "none", ...settings },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
const requiredBy = (name: ProgramName) => name === "worker" ? required : [...required, "BITRIX_WEBHOOK_URL"];
const required = [
  "CAMUNDA_BASE_URL",
  "CAMUNDA_AUTH_USERNAME",
  "CAMUNDA_AUTH_PASSWORD",
  "RABBITMQ_HOST",
  "RABBITMQ_USERNAME",
  "RABBITMQ_PASSWORD",
  "RABBITMQ_VIRTUAL_HOST",
];

for (const program of started) {
  const { name, title, ignore } = program;
  Deno.test(
    `${title} without any settings names all that are missing in one report, with exit code 3`,
    { ignore },
    async () => {
      for (const args of [["--settings"], ["check"], []]) {
        const { code, stdout, stderr } = await ended(program, args);
        assert.deepEqual([code, stdout], [3, ""]);
        const named = [...stderr.matchAll(/^ {2}✗ (\w+) is not set/gm)].map(([, name]) => name);
        assert.deepEqual(named.toSorted(), requiredBy(name).toSorted());
        for (const setting of requiredBy(name)) assert.match(stderr, new RegExp(`for example: ${setting}=\\S`));
      }
    },
  );

  Deno.test(`${title} --help shows its commands, examples and exit codes`, { ignore }, async () => {
    const { code, stdout, stderr } = await ended(program, ["--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^Usage: exchanger-${name} \\[options\\] \\[command\\]`));
    assert.match(stdout, new RegExp(`exchanger-${name} check `));
    assert.match(stdout, /Exit codes: 0 ok, /);
  });

  Deno.test(`${title} --settings prints what it would run with, and no secret`, { ignore }, async () => {
    const result = await ended(program, ["--settings"], nowhere());
    assert.equal(result.code, 0);
    assert.match(result.stdout, /^CAMUNDA_WORKER_ID=universal-worker +# default$/m);
    assert.match(result.stdout, /^RABBITMQ_PASSWORD=\*\*\* +# environment$/m);
    assert.equal(result.stderr, "", "settings of the other programs are no strangers");
    assertNoSecret(result);
  });

  Deno.test(`${title} check says what is down and what to do, with exit code 4`, { ignore }, async () => {
    const result = await ended(program, ["check"], nowhere());
    assert.equal(result.code, 4);
    const down = name === "worker" ? ["Camunda", "RabbitMQ"] : ["Camunda", "RabbitMQ", "Bitrix24: webhook"];
    for (const name of down) assert.match(result.stdout, new RegExp(`^✗ ${name}: .+\\n +→ \\S`, "m"));
    assert.match(result.stdout, /^✗ Camunda: .*refused/m);
    assert.match(result.stdout, /^✗ RabbitMQ: .*connection refused/m);
    assertNoSecret(result);
  });
}

for (const program of started.filter(({ name }) => name === "creator")) {
  const { title, ignore } = program;
  Deno.test(`${title} setup says what the portal lacks, and makes it when asked to`, { ignore }, async () => {
    await using portal = await startBitrix24Simulator({ secret: PASSWORD });
    portal.fields.splice(0, 1);
    const environment = { ...nowhere(), BITRIX_WEBHOOK_URL: portal.webhookUrl };
    const planned = await ended(program, ["setup", "bitrix24"], environment);
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(
      planned.stdout,
      /^\+ UF_CAMUNDA_ID_EXTERNAL_TASK: is missing.*\n.*\n[^]*Nothing was changed.*--apply/m,
    );
    assert.equal(portal.fields.length, 5);
    const made = await ended(program, ["setup", "bitrix24", "--apply", "--json"], environment);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^\{"ok":true,"apply":true,/);
    assert.equal(portal.fields.length, 6);
    assert.equal((await ended(program, ["setup", "openproject"], environment)).code, 2);
    assert.equal((await ended(program, ["setup", "bitrix24"], nowhere())).code, 4);
    for (const result of [planned, made]) assertNoSecret(result);
  });
}

for (const program of started) {
  const { title } = program;
  const ignore = program.ignore || !available("real");
  Deno.test(`${title} check finds the real services well, with exit code 0`, { ignore }, async () => {
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

  Deno.test(`${title} check says that RabbitMQ refused the password`, { ignore }, async () => {
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
