/** The last lines of the demo, and the exit code that goes with them. */
import { exitCode } from "../../lib/program/exit_code.ts";
import type { AnswerCount } from "./answers.ts";

export interface DemoOutcome {
  readonly started: number;
  /** Seen through to their end, as the engine says. */
  readonly completed: number;
  /** Whether the time for all of them has run out; what is unfinished when a person ends the demo is only open. */
  readonly late: boolean;
  /** What the portal has for each external task. */
  readonly portalTasks: ReadonlyMap<string, readonly string[]>;
  /** Of the questionnaires of completed contracts. */
  readonly answers: AnswerCount;
  /** Whether a program failed, or was cut off in its work. */
  readonly broken: boolean;
}

export interface Verdict {
  /** The line before. */
  readonly answersLine: string;
  /** Scripts read it: its form is part of the public contract. */
  readonly line: string;
  readonly exitCode: 0 | 1;
}

/** Lost is only what ran out of time, duplicated what the portal itself shows. */
export function verdictOn({ started, completed, late, portalTasks, answers, broken }: DemoOutcome): Verdict {
  const lost = late ? started - completed : 0;
  const duplicated = [...portalTasks.values()].filter((tasks) => tasks.length > 1).length;
  const missing = answers.given - answers.arrived;
  return {
    answersLine: `answers of questionnaires in Camunda: ${answers.arrived} of ${answers.given}`,
    line: `demo: ${started} started, ${completed} completed, ${lost} lost, ${duplicated} duplicated`,
    exitCode: lost + duplicated + missing === 0 && !broken ? exitCode.ok : exitCode.failure,
  };
}

/** How long `--exit` waits for all contracts; they usually need a tenth of it. */
export function deadlineMs(instances: number): number {
  return 45_000 + 250 * instances;
}
