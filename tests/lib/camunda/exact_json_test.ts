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

Deno.test("everything that JSON.parse reads exactly reads the same", () => {
  fc.assert(fc.property(fc.json(), fc.bigInt(), (text, long) => {
    const value = JSON.parse(text);
    assert.deepEqual(parseExactJson(JSON.stringify({ value, digits: "1".repeat(20) })), {
      value: JSON.parse(JSON.stringify(value)),
      digits: "1".repeat(20),
    });
    assert.equal(`${parseExactJson(`${long}`)}`, `${long}`);
  }));
});

Deno.test("what is no JSON is refused", () => {
  assert.throws(() => parseExactJson("<html>1234567890123456789"), SyntaxError);
});
