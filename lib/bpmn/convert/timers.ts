/** When a timer event goes off: as drawn, as decided, as its name says in words, or after the duration StormBPMN records. */
import type { Event, TimerEventDefinition } from "../model.ts";
import type { Conversion } from "./conversion.ts";
import { formalExpression, isExpression } from "./expressions.ts";
import { engineTimer, timerIn, type TimerSetting } from "./timer_phrase.ts";

const PROPERTIES = ["timeDate", "timeCycle", "timeDuration"] as const;

/** Whether the timer has a time now. */
export function settleTimer(event: Event, definition: TimerEventDefinition, conversion: Conversion): boolean {
  const { report, settings } = conversion;
  const decided = settings.own(event.id ?? "").timer;
  if (decided !== undefined) {
    return setTime(event, definition, timerIn(decided) ?? expressionTimer(decided), conversion);
  }
  for (const property of PROPERTIES) {
    const text = definition[property]?.body?.trim() ?? "";
    if (isExpression(text) || engineTimer(text) !== undefined) {
      keepOnly(definition, property);
      return true;
    }
  }
  const drawn = PROPERTIES.map((property) => definition[property]?.body ?? "").join(" ");
  const seconds = settings.records(event.id ?? "").find(({ duration }) => duration)?.duration;
  const found = timerIn(drawn) ?? timerIn(event.name ?? "") ??
    (seconds === undefined ? undefined : timerIn(`PT${Math.round(seconds)}S`));
  if (found === undefined) return false;
  report.mapped(event, `It goes off as its words or its recorded duration say: ${found.value}.`);
  if (found.loss !== undefined) report.lost(event, found.loss);
  return setTime(event, definition, found, conversion);
}

function expressionTimer(value: string): TimerSetting | undefined {
  return isExpression(value) ? { property: "timeDuration", value } : undefined;
}

function setTime(
  event: Event,
  definition: TimerEventDefinition,
  timer: TimerSetting | undefined,
  { report }: Conversion,
): boolean {
  if (timer === undefined) {
    report.lost(event, "The time that was decided for it is neither ISO 8601 nor words that are understood.");
    return false;
  }
  const expression = definition[timer.property] ?? formalExpression("");
  expression.body = timer.value;
  expression.$parent = definition;
  definition[timer.property] = expression;
  keepOnly(definition, timer.property);
  return true;
}

/** Camunda takes the first of several in an order of its own. */
function keepOnly(definition: TimerEventDefinition, kept: (typeof PROPERTIES)[number]): void {
  for (const property of PROPERTIES) if (property !== kept) definition.set(property, undefined);
}
