import assert from "node:assert/strict";
import { idOf, idsOf, intOf, rowsOf, textsOf } from "../../../adapters/bitrix24/values.ts";

Deno.test("whole numbers are read from numbers, texts and typed values, and from nothing else", () => {
  const read: readonly (readonly [Parameters<typeof intOf>[0], number | undefined])[] = [
    ["1", 1],
    [" 1 ", 1],
    ["1.0", undefined],
    [1.9, 1],
    [true, 1],
    [{ value: 5 }, 5],
    [{ VALUE: "6" }, 6],
    [{ value: null }, undefined],
    [{ x: 1 }, undefined],
    [[], undefined],
    ["0", 0],
    [-3, -3],
    ["abc", undefined],
    [null, undefined],
  ];
  for (const [value, expected] of read) assert.equal(intOf(value), expected, JSON.stringify(value));
});

Deno.test("an id is a whole number from 1", () => {
  assert.deepEqual(["0", 0, -3, "", "5", { value: "7" }].map(idOf), [undefined, undefined, undefined, undefined, 5, 7]);
});

Deno.test("one bad id does not cost the others of a list", () => {
  assert.deepEqual(idsOf(["7", null, "x", 8]), [7, 8]);
  assert.deepEqual(idsOf("7, x, 8"), [7, 8]);
  assert.deepEqual(idsOf('[7, "8"]'), [7, 8]);
});

Deno.test("element ids come as a list, as JSON, or alone", () => {
  assert.deepEqual(textsOf(["A", " B ", null, ""]), ["A", "B"]);
  assert.deepEqual(textsOf('["A","B"]'), ["A", "B"]);
  assert.deepEqual(textsOf("[bad"), []);
  assert.deepEqual(textsOf("A"), ["A"]);
  assert.deepEqual(textsOf(""), []);
  assert.deepEqual(textsOf(7), ["7"]);
  assert.deepEqual(textsOf(null), []);
});

Deno.test("PHP's map with numbers for keys is a list, and its empty list an empty map", () => {
  assert.deepEqual(rowsOf({ "1": "a", "5": "b" }), ["a", "b"]);
  assert.deepEqual(rowsOf([]), []);
});
