/** How the demo ends: on the first Ctrl-C what is in hand is finished, the second ends at once. */
import { handleSignals } from "../../lib/program/signals.ts";
import type { StopControl } from "../../lib/program/stop_control.ts";

export interface Interruption extends Disposable {
  /** Whether a signal came. */
  readonly happened: boolean;
}

/** Listens to signals until disposed. */
export function stopOnSignals(stop: StopControl): Interruption {
  let happened = false;
  const drain = (reason: string) => {
    happened = true;
    stop.beginDrain(reason);
  };
  const signals = handleSignals({
    drain,
    force: (signal) => stop.forceNow(`${signal} again`),
    // There are no secrets to be read again: its terminal is gone.
    reload: () => drain("SIGHUP"),
  });
  return {
    get happened() {
      return happened;
    },
    [Symbol.dispose]: () => signals[Symbol.dispose](),
  };
}
