import assert from "node:assert/strict";
import { engineTimer, timerIn } from "../../../../lib/bpmn/convert/timer_phrase.ts";

for (
  const [text, property, value] of [
    ["3 дня", "timeDuration", "P3D"],
    ["Через 3 дня", "timeDuration", "P3D"],
    ["Прошло 2 часа 30 минут", "timeDuration", "PT2H30M"],
    ["1,5 часа", "timeDuration", "PT1H30M"],
    ["полчаса", "timeDuration", "PT30M"],
    ["через полтора часа", "timeDuration", "PT1H30M"],
    ["через час", "timeDuration", "PT1H"],
    ["через неделю после отправки", "timeDuration", "P7D"],
    ["2 недели", "timeDuration", "P14D"],
    ["1 месяц", "timeDuration", "P1M"],
    ["2 года", "timeDuration", "P24M"],
    ["15мин.", "timeDuration", "PT15M"],
    ["24ч", "timeDuration", "P1D"],
    ["10 сек", "timeDuration", "PT10S"],
    ["after 3 days", "timeDuration", "P3D"],
    ["every 2 hours", "timeCycle", "R/PT2H"],
    ["Каждые 10 минут", "timeCycle", "R/PT10M"],
    ["ежедневно", "timeCycle", "R/P1D"],
    ["Каждый день в 9:05", "timeCycle", "0 5 9 * * ?"],
    ["Срок: PT15M", "timeDuration", "PT15M"],
    ["R3/PT10M", "timeCycle", "R3/PT10M"],
    ["2030-01-31T08:00:00", "timeDate", "2030-01-31T08:00:00"],
    ["0 0 9 ? * MON-FRI", "timeCycle", "0 0 9 ? * MON-FRI"],
  ] as const
) {
  Deno.test(`«${text}» is ${value}`, () => {
    const timer = timerIn(text);
    assert.equal(timer?.property, property);
    assert.equal(timer?.value, value);
  });
}

for (
  const text of [
    "",
    "Таймер",
    "Срок оплаты",
    "Шаг 3",
    "P",
    "PT",
    "Документ 3 чертежа",
    "3 часовых пояса нет".slice(2),
    "в понедельник",
  ]
) {
  Deno.test(`«${text}» says no time`, () => assert.equal(timerIn(text), undefined));
}

Deno.test("working days are counted as calendar days, and that is said", () => {
  assert.deepEqual(timerIn("5 рабочих дней"), {
    property: "timeDuration",
    value: "P5D",
    loss: "Working days are counted as calendar days.",
  });
});

Deno.test("words are no time for the engine", () => assert.equal(engineTimer("3 дня"), undefined));
