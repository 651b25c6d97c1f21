/** Camunda's date format `yyyy-MM-dd'T'HH:mm:ss.SSSZ`: the offset has no colon, and the engine here lives in UTC. */

export function formatDate(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "+0000");
}

/** Undefined when the text is not in that format: `Date.toISOString()` with its `Z`, for one, is not. */
export function parseDate(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3})([+-]\d{2})(\d{2})$/u.exec(text);
  if (match === null) return undefined;
  const [, dateTime, hours, minutes] = match;
  const epochMs = Date.parse(`${dateTime}${hours}:${minutes}`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
