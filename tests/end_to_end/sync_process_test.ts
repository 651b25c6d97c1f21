/** exchanger-sync as people start it, from source and compiled, between a simulated StormBPMN and a simulated Camunda. */
import assert from "node:assert/strict";
import { startCamundaSimulator } from "../../simulators/camunda/simulator.ts";
import { drawnDiagrams, putDrawnDiagrams } from "../../simulators/stormbpmn/drawn_diagrams.ts";
import { startStormSimulator } from "../../simulators/stormbpmn/simulator.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { launchable, launchOf, type ProgramForm } from "../services/launch.ts";

const KEY = "sesame-42";
const [contract, order] = drawnDiagrams;
assert.ok(contract && order);

const forms: readonly { readonly form: ProgramForm; readonly title: string; readonly ignore: boolean }[] = [
  { form: "source", title: "sync", ignore: false },
  { form: "executable", title: "sync, compiled,", ignore: !launchable("executable") },
];

class World implements AsyncDisposable {
  private constructor(
    private readonly form: ProgramForm,
    readonly storm: Awaited<ReturnType<typeof startStormSimulator>>,
    readonly camunda: Awaited<ReturnType<typeof startCamundaSimulator>>,
    readonly folder: string,
  ) {}

  static async open(form: ProgramForm): Promise<World> {
    const storm = await startStormSimulator({ apiKey: KEY });
    putDrawnDiagrams(storm.diagrams);
    const folder = await Deno.makeTempDir({ prefix: "exchanger-sync-process-" });
    return new World(form, storm, await startCamundaSimulator(), folder);
  }

  spawn(args: readonly string[], more: Readonly<Record<string, string>> = {}): Deno.ChildProcess {
    const { command, args: before, env } = launchOf("sync", this.form);
    return new Deno.Command(command, {
      args: [...before, ...args],
      cwd: this.folder,
      clearEnv: true,
      env: {
        ...env,
        HEALTH_PORT: "none",
        STORMBPMN_BASE_URL: this.storm.baseUrl,
        STORMBPMN_API_KEY: KEY,
        CAMUNDA_BASE_URL: this.camunda.baseUrl,
        CAMUNDA_AUTH_ENABLED: "false",
        SYNC_INCLUDE_ONLY_DIAGRAM_IDS: `${contract?.id},${order?.id}`,
        STORMBPMN_REQUESTS_PER_MINUTE: "0",
        ...more,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  async ended(args: readonly string[], more?: Readonly<Record<string, string>>) {
    const { code, stdout, stderr } = await this.spawn(args, more).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const ended = { code, stdout: text(stdout), stderr: text(stderr) };
    assert.doesNotMatch(ended.stdout + ended.stderr, new RegExp(KEY));
    return ended;
  }

  async [Symbol.asyncDispose]() {
    await this.storm[Symbol.asyncDispose]();
    await this.camunda[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

for (const { form, title, ignore } of forms) {
  const test = (what: string, run: (world: World) => Promise<void>) =>
    Deno.test({
      name: `${title} ${what}`,
      ignore,
      async fn() {
        await using world = await World.open(form);
        await run(world);
      },
    });

  test("--dry-run --json prints one object and nothing else; then it deploys, and then there is nothing to do", async (world) => {
    const planned = await world.ended(["sync", "--dry-run", "--json"]);
    assert.deepEqual([planned.code, planned.stderr], [0, ""]);
    assert.partialDeepStrictEqual(JSON.parse(planned.stdout), { ok: true, dryRun: true, counts: { would_deploy: 2 } });
    const done = await world.ended(["sync"]);
    assert.deepEqual([done.code, done.stderr], [0, ""]);
    assert.match(done.stdout, /2 diagrams: 2 deployed\.\n$/);
    assert.match((await world.ended(["sync"])).stdout, /2 diagrams: 2 unchanged\.\n$/);
  });

  test("converts a file outside its folder without any settings, and refuses a bad one in a line", async (world) => {
    const elsewhere = await Deno.makeTempDir({ prefix: "exchanger-drawn-" });
    try {
      Deno.writeTextFileSync(`${elsewhere}/order.bpmn`, order.xml);
      Deno.writeTextFileSync(`${elsewhere}/half.bpmn`, order.xml.slice(0, 2_000));
      const nothing = { STORMBPMN_BASE_URL: "", STORMBPMN_API_KEY: "", CAMUNDA_BASE_URL: "" };
      const good = await world.ended(["convert", `${elsewhere}/order.bpmn`], nothing);
      assert.deepEqual([good.code, good.stderr], [0, ""]);
      const bad = await world.ended(["convert", `${elsewhere}/half.bpmn`], nothing);
      assert.deepEqual([bad.code, bad.stdout], [1, ""]);
      assert.match(bad.stderr, /half\.bpmn:\d+: The file is not well-formed XML.*\n$/);
      const files = [...Deno.readDirSync(elsewhere)].map(({ name }) => name).toSorted();
      assert.deepEqual(files, ["camunda_order.bpmn", "half.bpmn", "order.bpmn"]);
    } finally {
      await Deno.remove(elsewhere, { recursive: true });
    }
  });

  test("draws a file as PNG, two pixels for each unit of the SVG, without any settings", async (world) => {
    const nothing = { STORMBPMN_BASE_URL: "", STORMBPMN_API_KEY: "", CAMUNDA_BASE_URL: "" };
    Deno.writeTextFileSync(`${world.folder}/order.bpmn`, order.xml);
    for (const output of ["order.svg", "order.png"]) {
      const { code, stdout, stderr } = await world.ended(["render", "order.bpmn", "-o", output], nothing);
      assert.deepEqual([code, stdout, stderr], [0, `Wrote ${output}.\n`, ""]);
    }
    const svg = Deno.readTextFileSync(`${world.folder}/order.svg`);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    const png = Deno.readFileSync(`${world.folder}/order.png`);
    const view = new DataView(png.buffer, png.byteOffset);
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.equal(new TextDecoder().decode(png.subarray(12, 16)), "IHDR");
    assert.deepEqual([view.getUint32(16), view.getUint32(20)], [Number(width) * 2, Number(height) * 2]);
    assert.ok(Number(width) > 300 && Number(height) > 80, `${width} × ${height}`);
  });

  test("answers --settings with secrets masked, and check with a line per system", async (world) => {
    const { code, stdout } = await world.ended(["--settings"]);
    assert.equal(code, 0);
    assert.match(stdout, /^STORMBPMN_API_KEY=\*\*\* +# environment$/m);
    const well = await world.ended(["check"]);
    assert.equal(well.code, 0, well.stdout);
    assert.match(well.stdout, /^✓ StormBPMN: 12 diagrams are seen\n✓ Camunda: version 7\.24\.0 answers$/m);
    const { stdout: said, code: failed } = await world.ended(["check", "--json"], { CAMUNDA_BASE_URL: "" });
    assert.equal(failed, 4);
    assert.partialDeepStrictEqual(JSON.parse(said).results.at(-1), {
      name: "Camunda",
      ok: false,
      detail: "CAMUNDA_BASE_URL is not set",
    });
  });

  test("watch is a service without a broker: health, figures, and SIGTERM ends it", async (world) => {
    const port = freePort();
    const settings = { HEALTH_PORT: String(port), SYNC_INTERVAL: "1" };
    const process = world.spawn(["watch", "--log-format", "json"], settings);
    const output = process.output();
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      return response === undefined ? undefined : { status: response.status, text: await response.text() };
    };
    const figures = async () => (await get("/metrics"))?.text ?? "";
    await eventually(async () => /sync_deployments_total 2$/m.test(await figures()), "both are deployed");
    assert.deepEqual(await get("/readyz"), { status: 200, text: '{"ready":true,"reasons":[]}' });
    world.storm.diagrams.redraw(order.id, order.xml.replaceAll("Приём заказа", "Приём заказов"));
    await eventually(async () => /sync_deployments_total 3$/m.test(await figures()), "the new version is deployed");
    assert.equal((await get("/healthz"))?.status, 200);
    process.kill("SIGTERM");
    const { code, stdout, stderr } = await output;
    assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(lines.at(-1).code, "program.stopped");
    assert.deepEqual(lines.filter(({ code }) => code === "sync.deployed").map(({ version }) => version), [1, 1, 2]);
  });

  test("watch without settings for StormBPMN is refused with exit code 3", async (world) => {
    const { code, stderr } = await world.ended(["watch"], { STORMBPMN_API_KEY: "" });
    assert.equal(code, 3);
    assert.match(stderr, /STORMBPMN_API_KEY is not set/);
  });

  test("stopped while it waits for StormBPMN's limit ends with exit code 1 and says so", async (world) => {
    for (let number = 1; number <= 20; number++) world.storm.diagrams.add({ name: `Diagram ${number}`, xml: "" });
    const process = world.spawn(["list"], { STORMBPMN_REQUESTS_PER_MINUTE: "1" });
    const output = process.output();
    await eventually(() => world.storm.requests.length === 1, "the first page is asked for");
    process.kill("SIGTERM");
    const { code, stdout, stderr } = await output;
    assert.equal(code, 1);
    assert.deepEqual([stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)), ["", "Stopped: SIGTERM.\n"]);
  });
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
