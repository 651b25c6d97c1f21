/**
 * One setting as its room declares it. Each room exports a table of these (`camundaSettings`, `amqpSettings`…);
 * a program joins the tables it needs, `read_settings.ts` reads them from the environment and reports all faults at once.
 */
import type { z } from "zod";

export interface Setting<T = unknown> {
  /** Parses the text found in the environment. */
  readonly schema: z.ZodType<T, string>;
  /** One or two sentences for `.env.example` and `--help`: what it does, its unit, its range. */
  readonly doc: string;
  /** A valid value shown in reports and `.env.example`. Never a real secret. */
  readonly example: string;
  /** Text parsed when the setting is absent; without it an absent setting is a fault unless `optional`. */
  readonly default?: string;
  /** Absent is allowed and reads as `undefined`. */
  readonly optional?: boolean;
  /** Masked in `--settings`, filtered from every log line, readable from `<NAME>_FILE` too. */
  readonly secret?: boolean;
  /** Other names that the predecessor honoured for the same thing. */
  readonly aliases?: readonly string[];
}

// deno-lint-ignore no-explicit-any -- a table mixes settings of every type; the value types are recovered below
export type SettingsTable = Readonly<Record<string, Setting<any>>>;

/** The values of a table, under the names people write in `.env`. */
export type SettingsOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T>
    ? Table[Name] extends { readonly optional: true } ? T | undefined : T
    : never;
};
