/** Several abort signals as one. */

export interface JoinedSignal extends Disposable {
  /** Aborts with the first of the others and its reason, until disposed. */
  readonly signal: AbortSignal;
}

/**
 * In place of `AbortSignal.any`: in Deno before 2.8, so in compiled programs too, the garbage collector takes what that
 * returns although somebody listens to it, and the abort never comes (denoland/deno#29075). This one lives as long as any
 * of the signals; dispose it when they outlive its use, or their listeners add up.
 */
export function joinSignals(...signals: readonly AbortSignal[]): JoinedSignal {
  const joined = new AbortController();
  const listeners = signals.map((signal) => ({ signal, onAbort: () => end(signal.reason) }));
  const detach = () => {
    for (const { signal, onAbort } of listeners) signal.removeEventListener("abort", onAbort);
  };
  const end = (reason: unknown) => {
    detach();
    joined.abort(reason);
  };
  const first = signals.find((signal) => signal.aborted);
  if (first !== undefined) joined.abort(first.reason);
  else for (const { signal, onAbort } of listeners) signal.addEventListener("abort", onAbort);
  return { signal: joined.signal, [Symbol.dispose]: detach };
}
