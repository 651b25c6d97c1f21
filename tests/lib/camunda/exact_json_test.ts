import fc from "fast-check";
import assert from "node:assert/strict";
import { parseExactJson } from "../../../lib/camunda/exact_json.ts";

Deno.test("integers keep all their digits, as numbers while those are exact", () => {
  const text = '{"id":9007199254740993,"list":[-9223372036854775808,9007199254740991],"double":1.0E20,"half":0.5}';
  assert.deepEqual(parseExactJson(text), {
    id: "9007199254740993",
    list: ["-9223372036854775808", 9007199254740991],
    double: 1e20,
    half: 0.5,
  });
});

Deno.test("digits inside of texts are left alone", () => {
  const text = '{"1234567890123456789":"1234567890123456789 \\"1234567890123456789\\""}';
  assert.deepEqual(parseExactJson(text), JSON.parse(text));
});

Deno.test("only integers that a number cannot hold read otherwise than with JSON.parse", () => {
  const digits = (_key: string, value: unknown) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(`${value}`) ? `${value}` : value;
  fc.assert(fc.property(fc.json(), fc.bigInt(), (text, long) => {
    assert.deepEqual(parseExactJson(`[${text},"${"1".repeat(20)}"]`), [JSON.parse(text, digits), "1".repeat(20)]);
    assert.equal(`${parseExactJson(`${long}`)}`, `${long}`);
  }));
});

Deno.test("a long number is found wherever it stands", () => {
  const around = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(around, fc.stringMatching(/^9[1-9]\d{14,15}$/), around, (before, digits, after) => {
      const text = `[${JSON.stringify(before)},${digits},${JSON.stringify(after)}]`;
      assert.deepEqual(parseExactJson(text), [before, digits, after]);
    }),
    { numRuns: 500 },
  );
});

Deno.test("what is no JSON is refused", () => {
  assert.throws(() => parseExactJson("<html>1234567890123456789"), SyntaxError);
});
