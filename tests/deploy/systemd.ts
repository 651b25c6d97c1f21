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
folder=$0 executables=$1 units=$2
mount --make-rprivate /
mount -t tmpfs tmpfs "$folder"
mkdir -p "$folder"/opt/exchanger "$folder"/etc "$folder"/etc.overlay
for program in "$executables"/exchanger-*; do
  touch "$folder/opt/exchanger/\${program##*/}"
  mount --bind "$program" "$folder/opt/exchanger/\${program##*/}"
done
mount --rbind "$folder/opt" /opt
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$folder/etc,workdir=$folder/etc.overlay" /etc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
mkdir -p /run/systemd/system/exchanger-.service.d /etc/exchanger
cp "$units"/* /run/systemd/system/
printf '[Service]\\nRestartSec=200ms\\nStandardOutput=append:/run/%%N.log\\nStandardError=append:/run/%%N.log\\n' \\
  > /run/systemd/system/exchanger-.service.d/test.conf
printf '[Unit]\\nDefaultDependencies=no\\n' > /run/systemd/system/nothing.target
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /var/tmp
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
  /** Of the first process in there, seen from here. */
  #pid = 0;

  private constructor(private readonly unshare: Deno.ChildProcess, private readonly folder: string) {}

  /** @param executables the folder of the compiled programs */
  static async start(executables: string): Promise<Systemd> {
    const folder = await Deno.makeTempDir({ prefix: "exchanger-systemd-" });
    const unshare = new Deno.Command("unshare", {
      args: [...NAMESPACES, "bash", "-c", BOOT, folder, executables, unitFolder.pathname],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    const systemd = new Systemd(unshare, folder);
    try {
      await systemd.#up();
    } catch (error) {
      await systemd[Symbol.asyncDispose]();
      throw error;
    }
    return systemd;
  }

  async #up(): Promise<void> {
    const children = `/proc/${this.unshare.pid}/task/${this.unshare.pid}/children`;
    await eventually(async () => {
      this.#pid = Number((await Deno.readTextFile(children)).trim());
      return this.#pid > 0 && (await Deno.readTextFile(`/proc/${this.#pid}/comm`)).trim() === "systemd";
    }, "systemd runs");
    await eventually(async () => (await this.run("systemctl", "is-active", "nothing.target")).code === 0, "it is up");
  }

  /** Runs a command beside it. */
  async run(...command: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
    const { code, stdout, stderr } = await new Deno.Command("nsenter", {
      args: [`--target=${this.#pid}`, "--all", ...command],
      stdin: "null",
    }).output();
    return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  }

  /** @param path as its services see it */
  async write(path: string, text: string, mode: number): Promise<void> {
    await Deno.writeTextFile(`/proc/${this.#pid}/root${path}`, text, { mode });
  }

  async read(path: string): Promise<string> {
    return await Deno.readTextFile(`/proc/${this.#pid}/root${path}`);
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
