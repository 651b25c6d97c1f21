import assert from "node:assert/strict";
import { eventually } from "../amqp/eventually.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { connectNotifier } from "../../../lib/program/sd_notify.ts";
import { NotifySocket } from "../../services/notify_socket.ts";
import { SmallProcess } from "./small_process.ts";

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ prefix: "exchanger-notify-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("systemd is told of start, reload and stop in their order, by a whole program", async () => {
  await using folder = await temporaryFolder();
  await using systemd = await NotifySocket.inFolder(folder.path);
  await using small = await SmallProcess.start({ readable: folder.path, environment: { NOTIFY_SOCKET: systemd.path } });
  await systemd.told("READY=1");
  await systemd.told("STATUS=main loop waits: work");
  small.signal("SIGHUP");
  await systemd.told("RELOADING=1");
  await small.logged("program.secrets_read");
  small.signal("SIGTERM");
  assert.equal(await small.ended(), 0, small.stdout);
  await systemd.told(/^STOPPING=1/);
  assert.deepEqual(systemd.states, ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"]);
  assert.deepEqual([...Deno.readDirSync(small.folder)], [], "the sender leaves no file behind");
});

Deno.test("the watchdog is fed while the program is well and starves when a loop stands still", async () => {
  await using folder = await temporaryFolder();
  await using systemd = await NotifySocket.inFolder(folder.path);
  const health = { alive: true };
  await using notifier = connectNotifier({ NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: "40000" }, new RecordedLog());
  notifier.keepAlive({ alive: () => health.alive, status: () => "two\nlines" });
  const fed = () => systemd.datagrams.filter((datagram) => datagram === "WATCHDOG=1\nSTATUS=two lines").length;
  await eventually(() => fed() >= 3, "the watchdog is fed in its rhythm");
  health.alive = false;
  await systemd.told("STATUS=two lines");
  const before = fed();
  const statuses = () => systemd.datagrams.filter((datagram) => datagram === "STATUS=two lines").length;
  await eventually(() => statuses() >= 3, "the status line is refreshed all the same");
  assert.equal(fed(), before);
});

Deno.test("a watchdog that is meant for another process is not fed", async () => {
  await using folder = await temporaryFolder();
  await using systemd = await NotifySocket.inFolder(folder.path);
  const environment = { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: "40000", WATCHDOG_PID: String(Deno.pid + 1) };
  await using notifier = connectNotifier(environment, new RecordedLog());
  notifier.keepAlive({ alive: () => true, status: () => "running" });
  await systemd.told("STATUS=running");
});

Deno.test("an abstract address, written with @, is reached", async () => {
  const name = `exchanger-test-${crypto.randomUUID()}`;
  await using systemd = new NotifySocket(`\0${name}`);
  await using notifier = connectNotifier({ NOTIFY_SOCKET: `@${name}` }, new RecordedLog());
  notifier.ready();
  await systemd.told("READY=1");
});

Deno.test("without NOTIFY_SOCKET nothing is sent and nothing is logged", async () => {
  const log = new RecordedLog();
  {
    await using notifier = connectNotifier({ WATCHDOG_USEC: "40000" }, log);
    notifier.ready();
    notifier.keepAlive({ alive: () => true, status: () => "running" });
  }
  assert.deepEqual(log.codes, []);
});

Deno.test("a socket nobody listens on is told once and does no harm", async () => {
  const log = new RecordedLog();
  {
    await using notifier = connectNotifier({ NOTIFY_SOCKET: "/nowhere/notify" }, log);
    notifier.ready();
    notifier.stopping();
  }
  assert.deepEqual(log.codes, ["program.sd_notify_failed"]);
});
