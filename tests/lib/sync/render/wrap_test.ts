import assert from "node:assert/strict";
import fc from "fast-check";
import { textWidth } from "../../../../lib/sync/render/text_width.ts";
import { fit, wrap } from "../../../../lib/sync/render/wrap.ts";

Deno.test("lines break between words and keep the breaks that the text has", () => {
  assert.deepEqual(wrap("Проверить все документы\nи подписать", 80, 12).lines, [
    "Проверить",
    "все",
    "документы",
    "и подписать",
  ]);
});

Deno.test("a word that is too long breaks after a hyphen, else where it must", () => {
  assert.deepEqual(wrap("Сопроводительно-распорядительный", 110, 12), {
    lines: ["Сопроводительно-", "распорядительный"],
    breaksWords: false,
  });
  assert.equal(wrap("ы".repeat(40), 60, 12).breaksWords, true);
});

Deno.test("letters become smaller before a text is cut, and a cut shows", () => {
  assert.equal(fit("Коротко", 88, 60).size, 12);
  const long = fit("Согласовать договор с юридическим отделом и бухгалтерией", 88, 68);
  assert.ok(long.size < 12);
  assert.ok(!long.lines.join(" ").includes("…"));
  const endless = fit("очень длинное название ".repeat(20), 88, 60);
  assert.ok(endless.lines.at(-1)?.endsWith("…"));
});

Deno.test("no line is wider than its room, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), fc.integer({ min: 30, max: 300 }), (words, width) => {
      for (const line of wrap(words, width, 12).lines) {
        assert.ok(textWidth(line, 12) <= width || [...line].length === 1);
      }
    }),
  );
});
