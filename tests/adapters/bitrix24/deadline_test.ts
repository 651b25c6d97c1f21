import assert from "node:assert/strict";
import fc from "fast-check";
import { deadlineWithOffset } from "../../../adapters/bitrix24/deadline.ts";

for (
  const [text, expected] of [
    ["2030-01-02", "2030-01-02T00:00:00+03:00"],
    ["2030-01-02 10:30:00", "2030-01-02T10:30:00+03:00"],
    ["2030-01-02T10:30:00", "2030-01-02T10:30:00+03:00"],
    ["2030-12-31T00:00:00.000+0300", "2030-12-31T00:00:00+03:00"],
    ["2030-01-02T10:30:00Z", "2030-01-02T10:30:00+00:00"],
    ["2030-01-02T10:30:00.123-05:00", "2030-01-02T10:30:00-05:00"],
    ["2030-02-31", undefined],
    ["2030-01-02T25:00:00", undefined],
    ["next week", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`the deadline "${text}" becomes ${expected ?? "none"}`, () => {
    assert.equal(deadlineWithOffset(text, "Europe/Moscow"), expected);
  });
}

Deno.test("the offset is that of the deadline's own day, not of today", () => {
  assert.equal(deadlineWithOffset("2030-01-02", "Europe/Berlin"), "2030-01-02T00:00:00+01:00");
  assert.equal(deadlineWithOffset("2030-07-02", "Europe/Berlin"), "2030-07-02T00:00:00+02:00");
  assert.equal(deadlineWithOffset("2030-03-31 01:59:59", "Europe/Berlin"), "2030-03-31T01:59:59+01:00");
  assert.equal(deadlineWithOffset("2030-03-31 03:00:00", "Europe/Berlin"), "2030-03-31T03:00:00+02:00");
});

Deno.test("any instant reads back as itself in zones of every kind", () => {
  const zones = ["Europe/Moscow", "Asia/Kolkata", "UTC", "Pacific/Chatham", "America/St_Johns"];
  const ranges = { min: new Date("2000-01-01T00:00:00Z"), max: new Date("2060-01-01T00:00:00Z"), noInvalidDate: true };
  fc.assert(fc.property(fc.date(ranges), fc.constantFrom(...zones), (date, timeZone) => {
    const seconds = Math.floor(date.getTime() / 1000) * 1000;
    const local = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(seconds);
    const shifted = Date.parse(deadlineWithOffset(local, timeZone) ?? "");
    // In the hour that an autumn repeats, both instants are right.
    assert.ok([0, 1_800_000, 3_600_000, -1_800_000, -3_600_000].includes(shifted - seconds), `${local} ${timeZone}`);
    if (["Europe/Moscow", "Asia/Kolkata", "UTC"].includes(timeZone) && seconds > Date.parse("2015-01-01")) {
      assert.equal(shifted, seconds);
    }
  }));
});
