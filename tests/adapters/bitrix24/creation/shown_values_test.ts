import assert from "node:assert/strict";
import { shownAnswer, shownValue } from "../../../../adapters/bitrix24/creation/shown_values.ts";
import type { Json } from "../../../../lib/messages/json.ts";

const ZONE = "Europe/Moscow";

Deno.test("variables are shown as people know them from older tasks", () => {
  const shown: readonly (readonly [string, Json, string])[] = [
    ["boolean", 2, "Да"],
    ["boolean", 0.0, "Нет"],
    ["boolean", " ИСТИНА ", "Да"],
    ["boolean", "on", "Нет"],
    ["boolean", [1], ""],
    ["boolean", "", "Нет"],
    ["Boolean", { value: null }, ""],
    ["date", "2024-12-31 10:00", "31.12.2024"],
    ["date", "20241231", "31.12.2024"],
    ["date", "31.12.2024", "31.12.2024"],
    ["date", 1704067200000, "1704067200000"],
    ["datetime", "2024-13-01", "2024-13-01"],
    ["date", "2024-12-31Tgarbage", "31.12.2024"],
    ["string", { value: { value: "x" } }, "x"],
    ["string", [1, null, "a"], "1, None, a"],
    ["string", true, "True"],
    ["string", null, ""],
  ];
  for (const [type, value, expected] of shown) {
    assert.equal(shownValue(type, value, ZONE), expected, `${type} ${JSON.stringify(value)}`);
  }
});

Deno.test("an instant is shown as the day that it is in the portal's zone, where the predecessor took the day as written", () => {
  assert.equal(shownValue("date", "2024-12-31T22:00:00.000+0000", ZONE), "01.01.2025");
  assert.equal(shownValue("date", "2024-12-31T22:00:00.000+0000", "UTC"), "31.12.2024");
  assert.equal(shownValue("datetime", "2024-12-31T00:00:00Z", ZONE), "31.12.2024");
});

Deno.test("answers are shown by the question's type", () => {
  const shown: readonly (readonly [string, Json, string | undefined])[] = [
    ["string", { type: "Null", value: null }, undefined],
    ["string", "", undefined],
    ["string", " ", " "],
    ["boolean", "y", "Нет"],
    ["boolean", "TRUE", "Да"],
    ["boolean", true, "Да"],
    ["date", "2025-12-11", "11.12.2025"],
    ["integer", 4.7, "4"],
    ["integer", "4.7", "4.7"],
    ["enum", "Вариант", "Вариант"],
  ];
  for (const [type, value, expected] of shown) {
    assert.equal(shownAnswer(type, value, ZONE), expected, `${type} ${JSON.stringify(value)}`);
  }
});
