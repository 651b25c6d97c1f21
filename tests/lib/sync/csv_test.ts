import assert from "node:assert/strict";
import { csv } from "../../../lib/sync/csv.ts";

Deno.test("a table begins with the mark that makes Excel read UTF-8, and its cells are parted by semicolons", () => {
  assert.equal(csv([["Имя", "Шаг"], ["Анна", 2]]), "\uFEFFИмя;Шаг\r\nАнна;2\r\n");
});

Deno.test("a text that a spreadsheet would run as a formula is shown as text", () => {
  for (const text of ["=1+1", "+7 900", "-2", "@SUM(A1)", "\t=1+1", " =1+1"]) {
    assert.ok(csv([[text]]).slice(1).startsWith("'"), JSON.stringify(text));
  }
  assert.equal(csv([["\r=1"]]), `\uFEFF"'\r=1"\r\n`);
});

Deno.test("a number below zero stays a number", () => assert.equal(csv([[-2]]), "\uFEFF-2\r\n"));

Deno.test("semicolons, quotes and line ends stay inside their cell, quotes doubled once", () => {
  assert.equal(csv([['a;"b"\nc', undefined]]), '\uFEFF"a;""b""\nc";\r\n');
});

Deno.test("a text longer than a cell of Excel may be is cut", () => {
  const [, cell = ""] = csv([[1, "x".repeat(40_000)]]).trimEnd().split(";");
  assert.equal(cell.length, 32_767);
  assert.equal(cell.at(-1), "…");
});
