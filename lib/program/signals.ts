/**
 * What the process does on signals. SIGTERM (systemd, Kubernetes) and SIGINT (Ctrl-C) mean the same: the first drains, the
 * second ends at once. SIGHUP reads secret files again. SIGQUIT and SIGABRT keep their meaning of "die with a core":
 * systemd's watchdog sends SIGABRT when the loop hangs, and no handler of ours would run then. SIGUSR1 is left to the runtime.
 */

export interface SignalHandlers {
  drain(signal: Deno.Signal): void;
  /** The second of SIGTERM and SIGINT, in any order; further ones too. */
  force(signal: Deno.Signal): void;
  reload(): void;
}

export function handleSignals(handlers: SignalHandlers): Disposable {
  let draining = false;
  const stop = (signal: Deno.Signal) => () => {
    if (draining) return handlers.force(signal);
    draining = true;
    handlers.drain(signal);
  };
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
