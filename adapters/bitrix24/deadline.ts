/** Deadlines with an explicit offset: the portal reads a time without one in its server's zone, people see theirs. */

/** Date, optional time with optional seconds and offset: all that process forms and Camunda's `Date` variables write. */
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** `2030-01-02` in Europe/Moscow is `2030-01-02T00:00:00+03:00`; `undefined` for what is no date. */
export function deadlineWithOffset(text: string, timeZone: string): string | undefined {
  const [, date, time = "00:00", seconds = ":00", offset] = DATE_TIME.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const local = `${date}T${time}${seconds}`;
  const asUtcMs = Date.parse(`${local}Z`);
  // 31 February is rolled over by some parsers; then it does not read back.
  if (Number.isNaN(asUtcMs) || !new Date(asUtcMs).toISOString().startsWith(local)) return undefined;
  if (offset === "Z") return `${local}+00:00`;
  if (offset !== undefined) return `${local}${offset.slice(0, 3)}:${offset.slice(-2)}`;
  // The offset depends on the instant and the instant on the offset: the second look settles it, save in a skipped hour.
  const guess = zoneOffset(asUtcMs, timeZone);
  return `${local}${zoneOffset(Date.parse(`${local}${guess}`), timeZone)}`;
}

/** An instant as people in the zone write it, with the zone's offset. */
export function dateText(atMs: number, timeZone: string): string {
  const offset = zoneOffset(atMs, timeZone);
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  const shiftMs = (hours * 60 + minutes) * 60_000 * (offset.startsWith("-") ? -1 : 1);
  return `${new Date(atMs + shiftMs).toISOString().slice(0, 19)}${offset}`;
}

function zoneOffset(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(atMs);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT"; // `GMT+03:00`, or `GMT` for zero
  return /[+-]\d{2}:\d{2}/.exec(name)?.[0] ?? "+00:00";
}
