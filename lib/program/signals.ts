/**
 * What the process does on signals. SIGTERM (systemd, Kubernetes) and SIGINT (Ctrl-C) mean the same: the first drains, the
 * second ends at once. SIGHUP reads secret files again. SIGQUIT and SIGABRT keep their meaning of "die with a core":
 * systemd's watchdog sends SIGABRT when the loop hangs, and no handler of ours would run then. SIGUSR1 is left to the runtime.
 */

export interface SignalHandlers {
  drain(signal: Deno.Signal): void;
  /** The second of SIGTERM and SIGINT, in any order; further ones too. Not the echo of the first Ctrl-C. */
  force(signal: Deno.Signal): void;
  reload(): void;
}

/** One Ctrl-C comes twice under `deno task`: from the terminal to all of its programs, and passed on by the task. */
const SAME_PRESS_MS = 500;

/** What SIGTERM and SIGINT do, one after the other. @param now in milliseconds, from any beginning */
export function stopHandler(
  handlers: Pick<SignalHandlers, "drain" | "force">,
  now: () => number,
): (signal: Deno.Signal) => void {
  let first: { readonly signal: Deno.Signal; readonly atMs: number } | undefined;
  return (signal) => {
    const atMs = now();
    if (first === undefined) {
      first = { signal, atMs };
      return handlers.drain(signal);
    }
    const isEcho = signal === "SIGINT" && first.signal === "SIGINT" && atMs - first.atMs < SAME_PRESS_MS;
    if (!isEcho) handlers.force(signal);
  };
}

export function handleSignals(handlers: SignalHandlers): Disposable {
  const handle = stopHandler(handlers, () => performance.now());
  const stop = (signal: Deno.Signal) => () => handle(signal);
  // Windows knows neither SIGTERM nor SIGHUP as something one process sends another.
  const listeners: [Deno.Signal, () => void][] = Deno.build.os === "windows" ? [["SIGINT", stop("SIGINT")]] : [
    ["SIGTERM", stop("SIGTERM")],
    ["SIGINT", stop("SIGINT")],
    ["SIGHUP", () => handlers.reload()],
  ];
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}
