/** JSON in which integers keep all their digits: a Java long has 19, a JavaScript number only 15 to be sure of. */

/** Numbers this long may lose digits; where none is, the plain parser does, which is several times faster. */
const LONG_NUMBER = /\d{16}/;

/**
 * As `JSON.parse`, but an integer beyond 2^53 is returned as the text of its digits.
 * @throws {SyntaxError}
 */
export function parseExactJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
