/** The literal texts that give a secret away, for the filter that every finished line passes. */

/** A shorter text is no secret, and hiding it would blot out ordinary words and numbers. */
const shortestSecret = 4;
/** Parts of a secret URL (`rest`, `v1`) that are shorter than this are not the secret part. */
const shortestUrlPart = 8;

/**
 * A secret as it stands and as it may turn up: percent-encoded, form-encoded, inside JSON text (also JSON in JSON). Of a
 * URL also its telling parts alone, since an error may quote only a path: a Bitrix24 webhook carries its token there.
 */
export function secretForms(secret: string): string[] {
  const texts = [secret, ...urlParts(secret)].filter((form) => form.length >= shortestSecret);
  return [...new Set(texts.flatMap(encodings))];
}

/** User name and password stay out: `https://user:pass@host/x` reads `https://***@host/x`. */
export function maskUrlCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1***@");
}

/** The password inside a URL, decoded, when there is one. */
export function urlPassword(text: string): string | undefined {
  const password = URL.parse(text)?.password;
  return password ? decoded(password) : undefined;
}

function urlParts(secret: string): string[] {
  const url = URL.parse(secret);
  if (!url?.host) return [];
  const parts = [url.password, ...url.pathname.split("/"), ...url.searchParams.values()];
  const whole = [secret.replace(/\/+$/, ""), `${url.pathname}${url.search}`];
  return [...parts.map(decoded), ...whole].filter((part) => part.length >= shortestUrlPart);
}

function encodings(text: string): string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  return [
    text,
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    encodeURI(text),
    encodeURIComponent(text),
    new URLSearchParams([["", text]]).toString().slice(1),
  ];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone percent sign
  }
}
