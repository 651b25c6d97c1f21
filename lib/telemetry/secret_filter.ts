/** Takes secrets out of finished text, whatever way they got into it. */
import { secretForms } from "../config/secret_forms.ts";

export class SecretFilter {
  #pattern: RegExp | undefined;
  /** Finds whatever `#pattern` finds in a text also in that text as JSON. */
  #inJson: RegExp | undefined;

  constructor(secrets: readonly string[] = []) {
    this.replaceSecrets(secrets);
  }

  /** From now on these are hidden, and no others. */
  replaceSecrets(secrets: readonly string[]): void {
    // Longest first: alternatives are tried in order, and a part must not be hidden before the whole.
    const forms = [...new Set(secrets.flatMap(secretForms))].sort((left, right) => right.length - left.length);
    const anyOf = (texts: readonly string[], flags: string) =>
      texts.length === 0 ? undefined : new RegExp(texts.map(RegExp.escape).join("|"), flags);
    this.#pattern = anyOf(forms, "g");
    this.#inJson = anyOf([...forms, ...forms.map((form) => JSON.stringify(form).slice(1, -1))], "");
  }

  /** The text with every secret as `***`. */
  hide(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, "***");
  }

  /** JSON text without secrets, that is still JSON where a secret happened to be a number. */
  hideInJson(value: object): string {
    const json = JSON.stringify(value);
    if (!this.#inJson?.test(json)) return json;
    return JSON.stringify(value, (_key, part: unknown) => {
      if (typeof part === "string") return this.hide(part);
      if (typeof part !== "number") return part;
      return this.hide(String(part)) === String(part) ? part : "***";
    });
  }
}
