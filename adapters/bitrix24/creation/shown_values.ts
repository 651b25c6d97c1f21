/** Values of process variables as people read them in a description. */
import type { Json } from "../../../lib/messages/json.ts";
import { bareValue, intOf } from "../values.ts";

/** `type` is that of the diagram's property: boolean, date, list, string… `zone` is the portal's. */
export function shownValue(type: string, entry: Json | undefined, zone: string): string {
  const value = bareValue(bareValue(entry)) ?? null;
  if (value === null) return "";
  switch (type.toLowerCase()) {
    case "boolean":
      return shownTruth(value, /^(true|1|y|yes|да|истина)$/i);
    case "date":
    case "datetime":
      return typeof value === "string" ? shownDate(value, zone) : shownText(value);
    default:
      return shownText(value);
  }
}

/** The answer to a question of a questionnaire; `undefined` when there is none. */
export function shownAnswer(type: string, entry: Json | undefined, zone: string): string | undefined {
  const value = bareValue(entry) ?? null;
  if (value === null || value === "") return undefined;
  switch (type) {
    case "boolean":
      return shownTruth(value, /^(true|1|yes|да)$/i) || shownText(value);
    case "date":
      return typeof value === "string" ? shownDate(value, zone) : shownText(value);
    case "integer":
      return intOf(value)?.toString() ?? shownText(value);
    default:
      return shownText(value);
  }
}

function shownTruth(value: Json, yes: RegExp): string {
  if (typeof value === "boolean") return value ? "Да" : "Нет";
  if (typeof value === "number") return value !== 0 ? "Да" : "Нет";
  if (typeof value === "string") return yes.test(value.trim()) ? "Да" : "Нет";
  return "";
}

/** `31.12.2024`. An instant with an offset is the day that it is in the portal's zone; what is no date stays as it is. */
export function shownDate(text: string, zone: string): string {
  if (/T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) {
    const atMs = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
    if (!Number.isNaN(atMs)) return new Intl.DateTimeFormat("ru", { ...DAY, timeZone: zone }).format(atMs);
  }
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})(?:$|[T ])/.exec(text) ?? [];
  const isDate = year !== undefined && !Number.isNaN(Date.parse(`${year}-${month}-${day}`));
  return isDate ? `${day}.${month}.${year}` : text;
}

const DAY = { day: "2-digit", month: "2-digit", year: "numeric" } as const;

/** Lists with commas; inside them and for truths in the predecessor's words, which people know from older tasks. */
function shownText(value: Json): string {
  if (Array.isArray(value)) return value.map((item: Json) => item === null ? "None" : shownText(item)).join(", ");
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
