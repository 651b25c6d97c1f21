/** What analysts draw, what becomes of it, and how instances of it run: one entry is one row of the table in docs/sync.md. */
import type { ConvertOptions } from "../../../../../lib/bpmn/convert/options.ts";
import type { CamundaVariable } from "../../../../services/camunda_driver.ts";
import type { Sketch } from "./storm_drawing.ts";

/** The worst that the report says about the subjects: `kept` is nothing, `lost` is worse than `mapped`. */
export type Outcome = "kept" | "mapped" | "left out" | "lost" | "refused";

export interface Construct {
  /** As the table calls it. */
  readonly name: string;
  readonly sketch: Sketch;
  /** The elements that the row is about. */
  readonly subjects: readonly string[];
  readonly outcome: Outcome;
  readonly options?: ConvertOptions;
  /** Other files that are deployed with it: a process that is called, a decision table. */
  readonly beside?: Readonly<Record<string, string>>;
  /** None for what is refused. */
  readonly runs: readonly Run[];
}

/** One way through the process, to its end. */
export interface Run {
  /** Which way; of several runs each has one. */
  readonly name?: string;
  /** @default by hand, without variables */
  readonly start?: Start;
  readonly steps: readonly Step[];
  /** The activities that came to pass, in any order; `-T` is one that was cut off. */
  readonly path: string;
}

export type Start =
  | {
    readonly by: "hand";
    /** @default "P" */
    readonly process?: string;
    readonly variables: Variables;
  }
  | { readonly by: "message"; readonly name: string }
  | { readonly by: "signal"; readonly name: string }
  | { readonly by: "timer"; readonly activity: string }
  | { readonly by: "condition"; readonly variables: Variables };

export type Variables = Readonly<Record<string, CamundaVariable>>;

/** What happens next from outside. */
export type Step =
  | {
    /** The worker completes the external task of the activity. */
    readonly kind: "work";
    readonly activity: string;
    /** What the person who did it answered. */
    readonly answer?: string;
    /** Of several instances, which one. */
    readonly loopCounter?: number;
  }
  | { readonly kind: "error"; readonly activity: string; readonly code: string }
  | { readonly kind: "timer"; readonly activity: string }
  | { readonly kind: "message"; readonly name: string }
  | { readonly kind: "signal"; readonly name: string }
  | { readonly kind: "variables"; readonly variables: Variables };

/** Completes the tasks of these activities, one after the other. */
export function work(...activities: readonly string[]): Step[] {
  return activities.map((activity) => ({ kind: "work", activity }));
}

export function answer(activity: string, text: string): Step {
  return { kind: "work", activity, answer: text };
}

/** The work of one of several instances. */
export function instance(loopCounter: number, activity: string, text?: string): Step {
  return { kind: "work", activity, loopCounter, ...(text !== undefined && { answer: text }) };
}

export const error = (activity: string, code: string): Step => ({ kind: "error", activity, code });
export const timerFires = (activity: string): Step => ({ kind: "timer", activity });
export const message = (name: string): Step => ({ kind: "message", name });
export const signal = (name: string): Step => ({ kind: "signal", name });
export const set = (variables: Variables): Step => ({ kind: "variables", variables });
