/** A task's description: the template's text and blocks of what is known so far, in the portal's BBCode. */

/** Blocks that are empty leave no trace. A text longer than `maxLength` characters is cut and says so. */
export function joinDescription(parts: readonly (string | undefined)[], maxLength: number): string {
  const whole = parts.reduce<string>(
    (text, part) => !part ? text : text === "" ? part : `${text.trimEnd()}\n\n---\n${part}`,
    "",
  );
  return whole.length <= maxLength ? whole : `${whole.slice(0, maxLength - 1)}…`;
}

const BLANK = "\u200b";

/** Text of others inside BBCode: what looks like a tag is shown, not obeyed. */
export function escapeBb(text: string): string {
  return text.replace(/\[(?=\/?[a-z*])/gi, `[${BLANK}`);
}
