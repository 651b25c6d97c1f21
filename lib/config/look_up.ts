/** Finds the text of one setting: under its name or an alias, in the environment or in the file a secret is kept in. */
import type { Setting } from "./setting.ts";

/** Reads a whole file or throws what `Deno.readTextFileSync` throws. */
export type ReadTextFile = (path: string) => string;

export type Lookup =
  /** `name` is the spelling that was found; `path` the file that the text was read from. */
  | { readonly kind: "found"; readonly name: string; readonly text: string; readonly path?: string }
  | { readonly kind: "absent" }
  /** It is set, but its text cannot be had. */
  | { readonly kind: "faulty"; readonly name: string; readonly problem: string; readonly example: string };

export function lookUp(
  name: string,
  setting: Setting,
  environment: Readonly<Record<string, string>>,
  readTextFile: ReadTextFile,
): Lookup {
  const spellings = [name, ...setting.aliases ?? []];
  const direct = spellings.find((spelling) => isSet(environment, spelling));
  const file = setting.secret ? spellings.map(fileName).find((spelling) => isSet(environment, spelling)) : undefined;
  if (direct !== undefined && file !== undefined) {
    return {
      kind: "faulty",
      name: direct,
      problem: `is set, and so is ${file}: keep one of them`,
      example: setting.example,
    };
  }
  if (direct !== undefined) return { kind: "found", name: direct, text: environment[direct] ?? "" };
  if (file === undefined) return { kind: "absent" };
  const path = environment[file] ?? "";
  const secret = readSecretFile(path, readTextFile);
  return secret.kind === "text"
    ? { kind: "found", name: file, text: secret.text, path }
    : { kind: "faulty", name: file, problem: secret.problem, example: `/run/credentials/${name.toLowerCase()}` };
}

/** The setting that names the file of a secret: `CAMUNDA_AUTH_PASSWORD_FILE`. */
export function fileName(name: string): string {
  return `${name}_FILE`;
}

/** An empty text counts as absent, so that `NAME=` in a file unsets. */
export function isSet(environment: Readonly<Record<string, string>>, name: string): boolean {
  return (environment[name] ?? "") !== "";
}

/** Editors and `echo` end a file with a newline that is not part of the secret. */
function readSecretFile(
  path: string,
  readTextFile: ReadTextFile,
): { readonly kind: "text"; readonly text: string } | { readonly kind: "unreadable"; readonly problem: string } {
  try {
    const text = readTextFile(path).replace(/[\r\n]+$/, "");
    return text === ""
      ? { kind: "unreadable", problem: `names ${shownPath(path)}, which is empty` }
      : { kind: "text", text };
  } catch (error) {
    return { kind: "unreadable", problem: `names ${shownPath(path)}, which ${whyUnreadable(error)}` };
  }
}

/** Somebody may have put the secret itself where its file belongs. */
function shownPath(path: string): string {
  return /^\.{0,2}\//.test(path) ? path : "a file (its name is not shown here)";
}

/** In words that follow a path. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "does not exist";
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not read";
  if (error instanceof Deno.errors.NotCapable) {
    return "lies outside the folders this program may read (its own, /etc/exchanger, /run/credentials, /run/secrets)";
  }
  return "cannot be read";
}
