/**
 * Reads a table of settings from the environment and finds everything that is wrong at once, so that a person repairs
 * a `.env` in one go.
 */
import { fileName, isSet, lookUp, type ReadTextFile } from "./look_up.ts";
import { nearestName } from "./nearest_name.ts";
import { maskUrlCredentials, secretForms, urlPassword } from "./secret_forms.ts";
import type { Setting, SettingsOf, SettingsTable } from "./setting.ts";
import { unknownNames } from "./unknown_names.ts";

export interface SettingFault {
  readonly name: string;
  /** Follows the name: `is not set`, `must be a whole number from 1 to 100`. Never holds a secret. */
  readonly problem: string;
  /** A value that would be right. */
  readonly example: string;
}

/** Something odd that does not keep the program from working. */
export interface SettingWarning {
  readonly name: string;
  /** Follows the name, as in {@link SettingFault}. */
  readonly problem: string;
}

/** The text that a setting has now, and where it comes from. */
export interface FoundText {
  /** `undefined` for an optional setting that is not set. */
  readonly text: string | undefined;
  /** In words: `environment`, `.env.prod`, `file /run/secrets/token`, `default`, `not set`. */
  readonly origin: string;
}

export interface ReadOptions {
  /** Where the names that are not from the process environment come from: `{CAMUNDA_BASE_URL: ".env.prod"}`. */
  readonly origins?: Readonly<Record<string, string>>;
  /** Names that other Exchanger programs read: one `.env` serves all of them. */
  readonly knownElsewhere?: readonly string[];
  /** @default Deno.readTextFileSync */
  readonly readTextFile?: ReadTextFile;
}

export interface SettingsReading<Table extends SettingsTable> {
  /** `undefined` when there are faults. */
  readonly settings: SettingsOf<Table> | undefined;
  /** The settings with an example in place of each faulty one, so that rules about several can be tried all the same. */
  readonly assumed: SettingsOf<Table>;
  readonly faults: readonly SettingFault[];
  readonly warnings: readonly SettingWarning[];
  readonly found: ReadonlyMap<string, FoundText>;
  /** Every secret now in effect, passwords inside URLs included: for the filter of the log. */
  secrets(): string[];
  /**
   * Reads the files of secrets again (SIGHUP). New values replace the old ones inside `settings`, so whoever reads a
   * secret when it is used gets the new one. A file that cannot be read keeps its value and is a fault.
   */
  rereadSecretFiles(): { readonly changed: readonly string[]; readonly faults: readonly SettingFault[] };
}

export function readSettings<Table extends SettingsTable>(
  table: Table,
  environment: Readonly<Record<string, string>>,
  options: ReadOptions = {},
): SettingsReading<Table> {
  const readTextFile = options.readTextFile ?? Deno.readTextFileSync;
  const values: Record<string, unknown> = {};
  const found = new Map<string, FoundText>();
  const warnings = unknownNames(table, environment, options.knownElsewhere ?? []);
  const faults: SettingFault[] = [];
  const keptInFiles = new Set<string>();

  /** Stores the setting's value, or returns what is wrong with it. */
  const read = (name: string, setting: Setting): SettingFault | undefined => {
    const lookup = lookUp(name, setting, environment, readTextFile);
    switch (lookup.kind) {
      case "faulty":
        return { name: lookup.name, problem: lookup.problem, example: lookup.example };
      case "found": {
        const { text, path } = lookup;
        if (path !== undefined) keptInFiles.add(name);
        const place = path === undefined ? options.origins?.[lookup.name] ?? "environment" : `file ${path}`;
        const alias = [name, fileName(name)].includes(lookup.name) ? "" : ` as ${lookup.name}`;
        return store(name, setting, text, `${place}${alias}`);
      }
      case "absent":
        if (setting.default !== undefined) return store(name, setting, setting.default, "default");
        if (!setting.optional) return { name, problem: absence(name, warnings), example: setting.example };
        values[name] = undefined;
        found.set(name, { text: undefined, origin: "not set" });
        return undefined;
    }
  };
  const store = (name: string, setting: Setting, text: string, origin: string): SettingFault | undefined => {
    const parsed = setting.schema.safeParse(text);
    if (!parsed.success) {
      return { name, problem: mismatch(parsed.error.issues, text, setting), example: setting.example };
    }
    values[name] = parsed.data;
    found.set(name, { text, origin });
    return undefined;
  };

  const assumed: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting>(table)) {
    const fault = read(name, setting);
    if (fault !== undefined) faults.push(fault);
    assumed[name] = fault === undefined ? values[name] : setting.schema.safeParse(setting.example).data;
    warnings.push(...overruled(name, setting, environment));
  }

  return {
    settings: faults.length === 0 ? partOf(values, table) : undefined,
    assumed: partOf(assumed, table),
    faults,
    warnings,
    found,
    secrets: () => [...found].flatMap(([name, { text }]) => secretsIn(text, table[name])),
    rereadSecretFiles() {
      const before = new Map(found);
      const files = Object.entries<Setting>(table).filter(([name]) => keptInFiles.has(name));
      return {
        faults: files.flatMap(([name, setting]) => read(name, setting) ?? []),
        changed: files.map(([name]) => name).filter((name) => before.get(name)?.text !== found.get(name)?.text),
      };
    },
  };
}

/**
 * The settings of one room out of those of a whole program: the same object, seen through a smaller table.
 * @throws {Error} when the table was not among those that were read.
 */
export function partOf<Table extends SettingsTable>(settings: object, table: Table): SettingsOf<Table> {
  if (holdsAll(table, settings)) return settings;
  throw new Error("These settings were not read: join their table with the program's");
}

function holdsAll<Table extends SettingsTable>(table: Table, values: object): values is SettingsOf<Table> {
  return Object.keys(table).every((name) => Object.hasOwn(values, name));
}

function absence(name: string, warnings: readonly SettingWarning[]): string {
  const similar = nearestName(name, warnings.map((warning) => warning.name));
  return similar === undefined ? "is not set" : `is not set (${similar} is: is it misspelt?)`;
}

/** Says what was found too, when that is no secret and short enough to help. */
function mismatch(issues: readonly { readonly message: string }[], text: string, setting: Setting): string {
  const problem = issues.map((issue) => issue.message).join("; ");
  if (setting.secret) return secretForms(text).reduce((shown, form) => shown.replaceAll(form, "***"), problem);
  const shown = maskUrlCredentials(text);
  return shown.length > 100 ? problem : `${problem}, not ${JSON.stringify(shown)}`;
}

/** The predecessor read some settings under two names; of two that differ the documented one counts. */
function overruled(name: string, setting: Setting, environment: Readonly<Record<string, string>>): SettingWarning[] {
  const set = [name, ...setting.aliases ?? []].filter((spelling) => isSet(environment, spelling));
  return set.slice(1).filter((other) => environment[other] !== environment[set[0] ?? name])
    .map((other) => ({ name: other, problem: `does not count: ${set[0]} is set too, to something else` }));
}

function secretsIn(text: string | undefined, setting: Setting | undefined): string[] {
  if (text === undefined) return [];
  // A list of secrets gives each of them away alone too.
  if (setting?.secret) return [text, ...text.includes(",") ? text.split(",").map((part) => part.trim()) : []];
  const password = urlPassword(text);
  return password === undefined ? [] : [password];
}
