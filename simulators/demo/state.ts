/** What there is to see of the demo at one moment. */
import type { DemoOptions } from "./options.ts";

/** Where a task was seen, in the order of its way, named as on `exchanger.events`. */
export const STATIONS = ["fetched", "published", "created", "answered", "completed"] as const;
export type Station = typeof STATIONS[number];

export interface DemoState {
  readonly options: Pick<DemoOptions, "instances" | "exit" | "people">;
  readonly elapsedMs: number;
  /** Of the process in Camunda; `undefined` while its diagram is only drawn. */
  readonly deployedVersion: number | undefined;
  /** Contracts that Camunda has seen through to their end. */
  readonly completed: number;
  /** Different tasks that have come as far as this. */
  readonly tasks: Readonly<Record<Station, number>>;
  /** Tasks in Bitrix24 that wait for a person. */
  readonly openTasks: number;
  /** What happened last, the newest at the end. */
  readonly happenings: readonly Happening[];
  readonly pages: DemoPages;
  readonly phase: DemoPhase;
}

/** `ending`: interrupted, and finishing what is in hand; `over`: nothing runs any more. */
export type DemoPhase = "running" | "ending" | "over";

export interface Happening {
  readonly text: string;
  /** `good` is what everybody waits for, `odd` what is worth a second look. */
  readonly tone: "plain" | "good" | "odd";
}

export interface DemoPages {
  readonly bitrix24: string;
  readonly camunda: string;
}
