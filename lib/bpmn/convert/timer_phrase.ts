/** When a timer goes off, out of what people write: ISO 8601 as the engine wants it, or words such as «через 3 дня». */

export interface TimerSetting {
  readonly property: "timeDate" | "timeDuration" | "timeCycle";
  readonly value: string;
  /** What the words say and the engine cannot count. */
  readonly loss?: string;
}

/** What the engine itself understands; `undefined` when it would stumble over it at run time. */
export function engineTimer(text: string): TimerSetting | undefined {
  const value = text.trim();
  if (/^R\d*\/\S+$/.test(value) || CRON.test(value)) return { property: "timeCycle", value };
  if (DURATION.test(value)) return { property: "timeDuration", value };
  return DATE.test(value) ? { property: "timeDate", value } : undefined;
}

const DURATION = /^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;
const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const CRON = /^(?:[\d*?/,#LW-]+\s+){3}(?:[\w*?/,#-]+\s+){2}[\w*?/,#-]+$/;

/** ISO 8601 alone or somewhere in the text, else durations and repetitions in Russian or English words. */
export function timerIn(text: string): TimerSetting | undefined {
  const whole = engineTimer(text);
  if (whole !== undefined) return whole;
  const iso = text.split(/[\s,;()«»"]+/).map(engineTimer).find((timer) => timer !== undefined);
  return iso ?? timerInWords(text.toLowerCase().replaceAll("ё", "е"));
}

function timerInWords(text: string): TimerSetting | undefined {
  const daily = /(?:ежедневно|кажд\S+ день|every day|daily)\D*(?:(\d{1,2})[:.](\d\d))?/.exec(text);
  if (daily) {
    const [, hours, minutes] = daily;
    const value = hours === undefined ? "R/P1D" : `0 ${Number(minutes)} ${Number(hours)} * * ?`;
    return { property: "timeCycle", value };
  }
  const fixed = FIXED_CYCLES.find(([words]) => words.test(text));
  if (fixed) return { property: "timeCycle", value: fixed[1] };
  const { duration, workingDays } = durationInWords(text);
  if (duration === undefined) return undefined;
  const repeats = /(?:^|\s)(?:кажд(?:ые|ый|ую|ое)|раз в|every)\s/.test(text);
  return {
    property: repeats ? "timeCycle" : "timeDuration",
    value: repeats ? `R/${duration}` : duration,
    ...(workingDays && { loss: "Working days are counted as calendar days." }),
  };
}

const FIXED_CYCLES: readonly (readonly [RegExp, string])[] = [
  [/ежечасно|hourly/, "R/PT1H"],
  [/еженедельно|weekly/, "R/P7D"],
  [/ежемесячно|monthly/, "R/P1M"],
];

/** Whole words only: «3 чертежа» are no hours. */
const UNITS: readonly (readonly [word: string, seconds: number, months: number])[] = [
  ["сек(?:унд[ауы]?)?|sec(?:ond)?s?", 1, 0],
  ["мин(?:ут[ауы]?)?|min(?:ute)?s?", 60, 0],
  ["ч|час(?:а|ов)?|h|hours?", 3600, 0],
  ["день|дня|дней|дн|сут(?:ки|ок)?|d|days?", 86_400, 0],
  ["нед(?:ел[яиюь])?|weeks?", 604_800, 0],
  ["мес(?:яц(?:а|ев)?)?|months?", 0, 1],
  ["год|года|лет|years?", 0, 12],
];

/** A number, or a word in its place; «через час» and «every day» count one. */
const AMOUNT = "(\\d+(?:[.,]\\d+)?)\\s*-?\\s*|(?<!\\p{L})(полтор[аы]|пол|один|одну|одни|an?|one)\\s*|" +
  "(?<!\\p{L})(?:через|раз в|кажд\\p{L}+|after|every|in)\\s+";
const WORKING = "(раб\\p{L}*\\.?\\s*|working\\s+|business\\s+)?";
const DURATION_IN_WORDS = new RegExp(
  `(?:${AMOUNT})${WORKING}(?:${UNITS.map(([word]) => `(${word})`).join("|")})(?!\\p{L})`,
  "gu",
);

function durationInWords(text: string): { readonly duration?: string; readonly workingDays: boolean } {
  let seconds = 0;
  let months = 0;
  let workingDays = false;
  for (const [, digits, word, working, ...units] of text.matchAll(DURATION_IN_WORDS)) {
    const [, unitSeconds, unitMonths] = UNITS[units.findIndex((unit) => unit !== undefined)] ?? ["", 0, 0];
    const amount = digits === undefined ? wordAmount(word) : Number(digits.replace(",", "."));
    seconds += amount * unitSeconds;
    months += amount * unitMonths;
    workingDays ||= working !== undefined;
  }
  seconds = Math.round(seconds);
  if (!Number.isSafeInteger(months) || seconds + months === 0) return { workingDays };
  return { duration: isoDuration(months, seconds), workingDays };
}

function wordAmount(word: string | undefined): number {
  if (word === "пол") return 0.5;
  return word?.startsWith("полтор") ? 1.5 : 1;
}

function isoDuration(months: number, seconds: number): string {
  const part = (amount: number, letter: string) => amount === 0 ? "" : `${amount}${letter}`;
  const time = part(Math.floor(seconds / 3600) % 24, "H") + part(Math.floor(seconds / 60) % 60, "M") +
    part(seconds % 60, "S");
  return `P${part(months, "M")}${part(Math.floor(seconds / 86_400), "D")}${time === "" ? "" : `T${time}`}`;
}
