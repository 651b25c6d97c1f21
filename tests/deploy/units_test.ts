/** The units of deploy/systemd, under systemd itself. */
import assert from "node:assert/strict";
import { programs } from "../../deploy/compile.ts";
import { renderUnit, services, unitFile, unitFolder } from "../../deploy/units.ts";
import { writeLine } from "../../lib/telemetry/configure_logging.ts";
import { startBitrix24Simulator } from "../../simulators/bitrix24/simulator.ts";
import { startStormSimulator } from "../../simulators/stormbpmn/simulator.ts";
import { available } from "../end_to_end/world.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { launchable } from "../services/launch.ts";
import { createVhost } from "../services/rabbitmq.ts";
import { envFile } from "./env_file.ts";
import { canStartSystemd, Systemd } from "./systemd.ts";

const hasSystemd = canStartSystemd();
if (!hasSystemd) writeLine(Deno.stderr, "The units are not tried: this machine allows no systemd of one's own.");
const ignore = !hasSystemd || !launchable("executable") || !available("real");
const EXPOSURE = /Overall exposure level for \S+: (\d\.\d)/;

Deno.test("every program has its unit, and deploy/systemd has what deploy/units.ts writes", async () => {
  assert.deepEqual(services.map(({ name }) => name), programs.map(({ name }) => name));
  const files = [...Deno.readDirSync(unitFolder)].map(({ name }) => name).toSorted();
  assert.deepEqual(files, services.map(({ name }) => `exchanger-${name}@.service`).toSorted());
  for (const service of services) {
    assert.equal(await Deno.readTextFile(unitFile(service)), renderUnit(service), "deno task units writes it anew");
  }
});

Deno.test({
  name:
    "systemd starts every program by its unit, as nobody, sees it ready, starts it again when it is killed, and stops it",
  ignore,
  async fn(test) {
    await using vhost = await createVhost();
    await using portal = await startBitrix24Simulator();
    await using storm = await startStormSimulator({ apiKey: "sesame-42" });
    await using systemd = await Systemd.start(Deno.env.get("EXCHANGER_EXECUTABLES") ?? "");
    const settings = envFile({ broker: vhost.settings, webhookUrl: portal.webhookUrl }, {
      STORMBPMN_BASE_URL: storm.baseUrl,
      STORMBPMN_API_KEY: "sesame-42",
    });
    await systemd.write("/etc/exchanger/prod.env", settings, 0o600);
    await systemd.write("/etc/exchanger/wrong.env", "RABBITMQ_PORT=many\n", 0o600);

    for (const { name } of services) {
      await test.step(name, async () => {
        const unit = `exchanger-${name}@prod.service`;
        const log = () => systemd.read(`/run/exchanger-${name}@prod.log`).catch(() => "nothing");
        const started = await systemd.run("systemctl", "start", unit);
        assert.equal(started.code, 0, started.said + await log());
        const running = await systemd.show(unit);
        assert.equal(running.get("ActiveState"), "active");
        assert.notEqual(running.get("StatusText"), "", "it tells how it is");
        const pid = running.get("MainPID") ?? "";
        const user = (await systemd.run("stat", "--format=%u", `/proc/${pid}`)).said.trim();
        assert.ok(Number(user) >= 61_184, `it runs as ${user}`);

        await systemd.run("systemctl", "kill", "--signal=KILL", unit);
        await eventually(async () => {
          const now = await systemd.show(unit);
          return now.get("NRestarts") === "1" && now.get("ActiveState") === "active";
        }, "it is started again");

        const stopped = await systemd.run("systemctl", "stop", unit);
        assert.equal(stopped.code, 0, stopped.said);
        const ended = await systemd.show(unit);
        assert.deepEqual([ended.get("ActiveState"), ended.get("ExecMainStatus")], ["inactive", "0"], await log());
        const exposed = await systemd.run("systemd-analyze", "security", unit);
        assert.ok(Number(EXPOSURE.exec(exposed.said)?.[1]) <= 1.3, exposed.said);
      });
    }

    await test.step("wrong settings are told once", async () => {
      const unit = "exchanger-worker@wrong.service";
      assert.notEqual((await systemd.run("systemctl", "start", unit)).code, 0);
      const ended = await systemd.show(unit);
      assert.deepEqual(
        ["ActiveState", "ExecMainStatus", "NRestarts"].map((property) => ended.get(property)),
        ["failed", "3", "0"],
      );
      assert.match(await systemd.read("/run/exchanger-worker@wrong.log"), /RABBITMQ_PORT/);
    });
  },
});
