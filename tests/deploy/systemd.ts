/**
 * A systemd of the test's own, as the first process of namespaces of its own: with the units of deploy/systemd, our executables
 * in /opt/exchanger, and folders that are gone with it. The network is the machine's, so that services on it can be reached.
 */
import { eventually } from "../lib/amqp/eventually.ts";
import { unitFolder } from "../../deploy/units.ts";

const NAMESPACES = ["--fork", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--mount-proc", "--kill-child"];
const SYSTEMD = "/lib/systemd/systemd";

/** Everything it writes is in memory; nothing of it is seen outside. */
const BOOT = `set -e
mount --make-rprivate /
mkdir "$0/root"
mount -t tmpfs tmpfs "$0/root"
mkdir -p "$0"/root/etc "$0"/root/work "$0"/root/opt/exchanger
for program in "$1"/exchanger-*; do
  touch "$0/root/opt/exchanger/$(basename "$program")"
  mount --bind "$program" "$0/root/opt/exchanger/$(basename "$program")"
done
mount --rbind "$0/root/opt" /opt
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$0/root/etc,workdir=$0/root/work" /etc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
mkdir -p /run/systemd/system /run/systemd/system/exchanger-.service.d /etc/exchanger
cp "$2"/* /run/systemd/system/
printf '[Service]\\nRestartSec=200ms\\nStandardOutput=append:/run/%%N.log\\nStandardError=append:/run/%%N.log\\n' \
  > /run/systemd/system/exchanger-.service.d/test.conf
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /var/tmp
printf '[Unit]\\nDefaultDependencies=no\\n' > /run/systemd/system/nothing.target
# Outside a container systemd does that itself: it hands credentials over by mounts.
mount --make-rshared /
export container=other
exec ${SYSTEMD} --system --unit=nothing.target --show-status=0
`;

/** Whether one can be started here: that takes root, systemd, and a machine that allows namespaces. */
export function canStartSystemd(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    const tried = new Deno.Command("unshare", { args: [...NAMESPACES, "test", "-x", SYSTEMD], stderr: "null" });
    return tried.outputSync().success;
  } catch {
    return false;
  }
}

export class Systemd implements AsyncDisposable {
  private constructor(
    private readonly unshare: Deno.ChildProcess,
    private readonly pid: number,
    private readonly folder: string,
  ) {}

  /** @param executables the folder of the compiled programs */
  static async start(executables: string): Promise<Systemd> {
    const folder = await Deno.makeTempDir({ prefix: "exchanger-systemd-" });
    const unshare = new Deno.Command("unshare", {
      args: [...NAMESPACES, "bash", "-c", BOOT, folder, executables, unitFolder.pathname],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    const children = `/proc/${unshare.pid}/task/${unshare.pid}/children`;
    let pid = 0;
    await eventually(async () => {
      pid = Number((await Deno.readTextFile(children)).trim());
      return pid > 0 && (await Deno.readTextFile(`/proc/${pid}/comm`)).trim() === "systemd";
    }, "systemd runs");
    const systemd = new Systemd(unshare, pid, folder);
    await eventually(
      async () => (await systemd.run("systemctl", "is-active", "nothing.target")).code === 0,
      "it is up",
    );
    return systemd;
  }

  /** Runs a command beside it. */
  async run(...command: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
    const { code, stdout, stderr } = await new Deno.Command("nsenter", {
      args: [`--target=${this.pid}`, "--all", ...command],
      stdin: "null",
    }).output();
    return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  }

  /** @param path as its services see it */
  async write(path: string, text: string, mode: number): Promise<void> {
    await Deno.writeTextFile(`/proc/${this.pid}/root${path}`, text, { mode });
  }

  async read(path: string): Promise<string> {
    return await Deno.readTextFile(`/proc/${this.pid}/root${path}`);
  }

  /** What `systemctl show` says of a unit. */
  async show(unit: string): Promise<ReadonlyMap<string, string>> {
    const { said } = await this.run("systemctl", "show", unit);
    return new Map(
      said.split("\n").map((line): [string, string] => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.unshare.kill("SIGKILL");
    await this.unshare.status;
    await Deno.remove(this.folder, { recursive: true });
  }
}
