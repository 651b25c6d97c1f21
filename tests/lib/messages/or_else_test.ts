import assert from "node:assert/strict";
import { z } from "zod";
import { booleanOr, numberOr, objectOr, textOr } from "../../../lib/messages/or_else.ts";

const message = z.object({
  text: textOr("none"),
  number: numberOr(7),
  flag: booleanOr(true),
  map: objectOr({ a: 1 }),
});
const fallbacks = { text: "none", number: 7, flag: true, map: { a: 1 } };

Deno.test("absent fields and nulls count as their fallback", () => {
  assert.deepEqual(message.parse({}), fallbacks);
  assert.deepEqual(message.parse({ text: null, number: null, flag: null, map: null }), fallbacks);
});

Deno.test("what is there stays as it is, however empty", () => {
  const empty = { text: "", number: 0, flag: false, map: {} };
  assert.deepEqual(message.parse(empty), empty);
});

Deno.test("a field of another kind is refused by name and kind", () => {
  const { error } = message.safeParse({ text: 1, number: "1", flag: 0, map: [] });
  assert.deepEqual(error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`), [
    "text: Invalid input: expected string, received number",
    "number: Invalid input: expected number, received string",
    "flag: Invalid input: expected boolean, received number",
    "map: Invalid input: expected object, received array",
  ]);
});

Deno.test("within a tolerant field odd values count as absent", () => {
  assert.deepEqual(z.object({ map: objectOr({}).catch({}) }).parse({ map: ["odd"] }), { map: {} });
});
