import assert from "node:assert/strict";
import { readLabel } from "../../../../lib/bpmn/convert/labels.ts";

const cases = {
  yes: [
    "да",
    "Да",
    " ДА ",
    "да.",
    "«Да»",
    "Да (срочно)",
    "Да, срочно",
    "да!",
    "да - сразу",
    "Yes",
    "yes, urgent",
    "Y",
    "✔",
    "✅ ",
    "✅ Да",
    "+",
    "да,\nсрочно",
  ],
  no: ["нет", "Нет", "нет ", "Нет;", "Нет — отказать", "No", "NO.", "❌", "✘", "❌ нет", "-"],
  words: ["нет документов", "да здравствует", "данные", "Срочно", "Not now", "> 100", "1", "не знаю"],
  nothing: ["", "  ", undefined],
} as const;

for (const [meaning, labels] of Object.entries(cases)) {
  for (const label of labels) {
    Deno.test(`the label ${JSON.stringify(label)} means ${meaning}`, () =>
      assert.equal(readLabel(label).meaning, meaning));
  }
}
