import assert from "node:assert/strict";
import fc from "fast-check";
import {
  boolean,
  choice,
  choices,
  durationMs,
  integer,
  list,
  secondsAsMs,
  text,
  type TextSchema,
  url,
} from "../../../lib/config/schemas.ts";

function problemOf<T>(schema: TextSchema<T>, input: string): string | undefined {
  return schema.safeParse(input).error?.issues[0]?.message;
}

Deno.test("integer reads every whole number inside its limits and refuses those outside", () => {
  const schema = integer({ min: -50, max: 50 });
  fc.assert(fc.property(fc.integer({ min: -200, max: 200 }), (number) => {
    assert.equal(schema.safeParse(String(number)).data, Math.abs(number) <= 50 ? number : undefined);
  }));
});

Deno.test("integer refuses what Number would guess at", () => {
  for (const input of ["1e3", "0x10", "1.0", "1 000", "NaN", "--1", "9007199254740993"]) {
    assert.equal(problemOf(integer(), input), "must be a whole number", input);
  }
});

Deno.test("a range is told in words, as far as it has ends", () => {
  assert.equal(problemOf(integer({ min: 1, max: 9 }), "10"), "must be a whole number from 1 to 9");
  assert.equal(problemOf(integer({ min: 1 }), "0"), "must be a whole number, 1 or more");
  assert.equal(problemOf(integer({ max: 9 }), "10"), "must be a whole number, 9 or less");
});

Deno.test("boolean reads the spellings of the predecessor's files in any case", () => {
  for (const input of ["true", "1", "yes", "On", "TRUE"]) assert.equal(boolean.parse(input), true, input);
  for (const input of ["false", "0", "no", "oFF"]) assert.equal(boolean.parse(input), false, input);
  assert.equal(problemOf(boolean, "2"), "must be true or false");
});

Deno.test("durations are milliseconds whatever the unit of the setting", () => {
  assert.equal(durationMs({ max: 60_000 }).parse("30000"), 30_000);
  assert.equal(secondsAsMs({ max: 60 }).parse("1.5"), 1500);
  assert.equal(problemOf(secondsAsMs({ max: 60 }), "61"), "must be a number of seconds from 0 to 60");
  assert.equal(problemOf(durationMs(), "-1"), "must be a whole number of milliseconds, 0 or more");
});

Deno.test("url takes only absolute URLs of the given protocols and keeps them as written", () => {
  const schema = url({ protocols: ["http:", "https:"] });
  assert.equal(schema.parse(" https://camunda.example.org/engine-rest "), "https://camunda.example.org/engine-rest");
  for (const input of ["camunda.example.org", "amqp://host/", "/engine-rest", "https://", "http:"]) {
    assert.equal(problemOf(schema, input), "must be a URL that begins with http:// or https://", input);
  }
});

Deno.test("choice ignores case and reads as it is written in the code", () => {
  assert.equal(choice(["quorum", "classic"]).parse("Classic"), "classic");
  assert.equal(problemOf(choice(["quorum", "classic"]), "stream"), "must be one of quorum, classic");
});

Deno.test("list splits at commas and forgets empty words", () => {
  assert.deepEqual(list.parse(" IN_PROGRESS, DONE,,"), ["IN_PROGRESS", "DONE"]);
});

Deno.test("choices takes several of the words, ignores case, and refuses none at all", () => {
  const schema = choices(["NEW", "DONE"]);
  assert.deepEqual(schema.parse(" done, New,"), ["DONE", "NEW"]);
  for (const input of ["DONNE", "DONE,DONNE", ","]) {
    assert.equal(problemOf(schema, input), "must be words of NEW, DONE, separated by commas", input);
  }
});

Deno.test("no problem repeats the text, which may be a secret", () => {
  const schemas = [
    integer(),
    boolean,
    durationMs(),
    secondsAsMs(),
    url({ protocols: ["https:"] }),
    choice(["a"]),
    choices(["a"]),
  ];
  for (const schema of schemas) {
    assert.doesNotMatch(problemOf<unknown>(schema, "hunter2-hunter2") ?? "", /hunter2/);
  }
  assert.equal(text.parse(" kept as it stands "), " kept as it stands ");
});
