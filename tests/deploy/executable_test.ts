/** The executables as a server has them: started by systemd from a folder of their own, without a terminal or an input. */
import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../simulators/bitrix24/simulator.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { available } from "../end_to_end/world.ts";
import { openFaultWorld, taskQueue } from "../faults/fault_world.ts";
import { openRoundWorld, RoundBook } from "../faults/round_world.ts";
import { launchable, launchOf, programNames } from "../services/launch.ts";
import { NotifySocket } from "../services/notify_socket.ts";
import { createVhost } from "../services/rabbitmq.ts";
import { envFile } from "./env_file.ts";

const ignore = !launchable("executable") || !available("real");

for (const name of programNames) {
  Deno.test({
    name: `exchanger-${name} starts without a terminal and with its input closed, and tells systemd how it is`,
    ignore,
    async fn() {
      await using vhost = await createVhost();
      await using portal = await startBitrix24Simulator();
      const folder = await Deno.makeTempDir({ prefix: "exchanger-unit-" });
      await using systemd = await NotifySocket.inFolder(folder);
      const { webhookUrl } = portal;
      await Deno.writeTextFile(`${folder}/.env`, envFile({ broker: vhost.settings, webhookUrl }));
      const { command, args } = launchOf(name, "executable");
      // A session of its own, as a service has it; the shell hands on its number to the program.
      const process = new Deno.Command("setsid", {
        args: ["sh", "-c", 'exec "$0" "$@" <&-', command, ...args],
        cwd: folder,
        clearEnv: true,
        env: { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: "200000" },
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const said = process.output();
      await systemd.told("READY=1");
      await systemd.told(/^WATCHDOG=1\nSTATUS=/);
      process.kill("SIGTERM");
      const { code, stdout, stderr } = await said;
      const log = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(code, 0, log);
      assert.match(log, /"code":"program\.stopped"/);
      await systemd.told(/^STOPPING=1/);
      const states = systemd.states.filter((state) => state !== "WATCHDOG=1");
      assert.deepEqual(states, ["READY=1", "STOPPING=1"]);
      const left = [...Deno.readDirSync(folder)].map((entry) => entry.name).toSorted();
      assert.deepEqual(left, [".env", "notify"], "nothing else is left in its folder");
      await Deno.remove(folder, { recursive: true });
    },
  });
}

const tasks = 20;

for (
  const { form, where } of [
    { form: "executable", where: "" },
    { form: "filtered", where: " under the system call filter of their units" },
  ] as const
) {
  Deno.test({
    name: `compiled worker, creator and tracker carry tasks all the way round${where}`,
    ignore,
    async fn() {
      await using world = await openRoundWorld({ form });
      const book = new RoundBook(`round, ${form}`, world);
      const { worker, creator, tracker } = await world.startPrograms();
      await book.start(tasks);
      await book.created();
      await book.carriedThrough();
      await book.balance();
      for (const process of [worker, creator.process, tracker.process]) assert.equal(await process.stop(), 0);
    },
  });
}

Deno.test({
  name: "a compiled worker that is full of work stops within seconds, and every task is in its queue or in Camunda",
  ignore,
  async fn() {
    await using world = await openFaultWorld({ form: "executable", settings: { CAMUNDA_MAX_TASKS: "50" } });
    const { engine, queues, tenantId } = world;
    const many = 400;
    await world.startInstances(many);
    const worker = await world.startWorker();
    await worker.logged("worker.published", { times: many / 4 });
    const askedAt = performance.now();
    assert.equal(await worker.stop(), 0);
    assert.ok(performance.now() - askedAt < 5_000, "it was stopped by its grace time");
    const published = await queues.depth(taskQueue);
    assert.ok(published < many, "it had no time to publish all of them");
    // At once, or when the hand-over lock of the fetch that was cut off has run out.
    await eventually(
      async () => (await engine.externalTasks({ tenantIdIn: [tenantId], locked: true })).length === published,
      "what is not in the queue is free for another worker",
    );
  },
});

Deno.test("the system call filter of the tests refuses what the units refuse", { ignore }, async () => {
  const { args, env } = launchOf("worker", "filtered");
  const filtered = (...command: string[]) =>
    new Deno.Command(Deno.execPath(), { args: [...args.slice(0, -1), ...command], clearEnv: true, env }).output();
  const allowed = await filtered("/bin/true");
  assert.equal(allowed.code, 0, new TextDecoder().decode(allowed.stderr));
  const refused = await filtered("/usr/sbin/chroot", "/", "/bin/true");
  assert.notEqual(refused.code, 0);
  assert.match(new TextDecoder().decode(refused.stderr), /Operation not permitted/);
});
