/**
 * Tells systemd how the program is (`Type=notify`, sd_notify(3)). Without NOTIFY_SOCKET everything here does nothing; an
 * error is told once and never harms the program.
 */
import { FailureLog } from "../telemetry/repeats.ts";
import type { Log } from "../telemetry/log.ts";

/** The variables systemd sets, from the process environment. */
export interface NotifyEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

export interface KeepAlive {
  /** Whether the loop turns or waits for a named reason; while it does not, the watchdog starves and systemd restarts us. */
  alive(): boolean;
  /** For `systemctl status`; one line without secrets. */
  status(): string;
}

export interface ServiceNotifier extends AsyncDisposable {
  ready(): void;
  reloading(): void;
  stopping(): void;
  /** From now on feeds the watchdog and refreshes the status line, until disposed. */
  keepAlive(what: KeepAlive): void;
}

/** Without a watchdog only the status line has to be fresh. */
const statusEveryMs = 5_000;

export function connectNotifier(environment: NotifyEnvironment, log: Log): ServiceNotifier {
  const failures = new FailureLog(log, {
    code: "program.sd_notify",
    what: "systemd cannot be told how the program is",
  });
  const socket = environment.NOTIFY_SOCKET ? openSocket(environment.NOTIFY_SOCKET, failures) : undefined;
  const watchdogMs = watchdogLimitMs(environment);
  let timer: ReturnType<typeof setInterval> | undefined;
  // Datagrams are sent one after the other: STOPPING must not overtake READY.
  let sent: Promise<void> = Promise.resolve();
  const send = (...assignments: readonly string[]) => {
    if (socket === undefined) return;
    sent = sent.then(() => socket.send(assignments.join("\n"))).then(
      () => failures.recovered(),
      (error) => failures.failed(error),
    );
  };
  return {
    ready: () => send("READY=1"),
    // With Type=notify-reload systemd wants MONOTONIC_USEC too, which Deno cannot tell: use ExecReload=kill -HUP $MAINPID.
    reloading: () => send("RELOADING=1"),
    stopping: () => send("STOPPING=1", "STATUS=finishing the work in hand"),
    keepAlive({ alive, status }) {
      if (socket === undefined) return;
      const tell = () =>
        send(...watchdogMs !== undefined && alive() ? ["WATCHDOG=1"] : [], `STATUS=${onOneLine(status())}`);
      tell();
      timer = setInterval(tell, watchdogMs === undefined ? statusEveryMs : watchdogMs / 2);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await sent;
      socket?.close();
    },
  };
}

/** `undefined` when this process is not the one that is watched. */
function watchdogLimitMs({ WATCHDOG_USEC, WATCHDOG_PID }: NotifyEnvironment): number | undefined {
  const limitMs = Number(WATCHDOG_USEC) / 1000;
  const meant = WATCHDOG_PID === undefined || WATCHDOG_PID === String(Deno.pid);
  return meant && limitMs > 0 ? limitMs : undefined;
}

interface NotifySocket {
  send(text: string): Promise<void>;
  close(): void;
}

function openSocket(address: string, failures: FailureLog): NotifySocket | undefined {
  // A leading @ stands for the NUL of an abstract address (unix(7)).
  const path = address.replace(/^@/, "\0");
  try {
    const socket = bindSender();
    return {
      async send(text) {
        await socket.send(new TextEncoder().encode(text), { transport: "unixpacket", path });
      },
      close: () => socket.close(),
    };
  } catch (error) {
    failures.failed(error);
    return undefined;
  }
}

/**
 * Deno sends datagrams only from a bound socket. An abstract address needs no folder and leaves nothing behind, but Deno
 * before 2.5 refuses the NUL in it; then it is a file in the working folder, whose name is removed at once: the socket
 * works on without it.
 */
function bindSender(): Deno.DatagramConn {
  const name = `exchanger-notify-${crypto.randomUUID()}`;
  try {
    return Deno.listenDatagram({ transport: "unixpacket", path: `\0${name}` });
  } catch {
    const path = `.${name}`;
    const socket = Deno.listenDatagram({ transport: "unixpacket", path });
    Deno.removeSync(path);
    return socket;
  }
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
