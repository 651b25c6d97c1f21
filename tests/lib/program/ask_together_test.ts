import assert from "node:assert/strict";
import { askTogether } from "../../../lib/program/ask_together.ts";

const never = new AbortController().signal;
const fault = (reason: string) => reason;

Deno.test("all are asked about together, and alone only when that failed; who fails alone gets a fault", async () => {
  const asked: string[][] = [];
  const ask = (strange: readonly string[]) => (items: readonly string[]) => {
    asked.push([...items]);
    if (items.some((item) => strange.includes(item))) return Promise.reject(new TypeError("odd"));
    return Promise.resolve(items.map((item) => `${item} done`));
  };
  assert.deepEqual(await askTogether(["a", "b"], ask([]), fault, never), ["a done", "b done"]);
  assert.deepEqual(asked, [["a", "b"]]);

  asked.length = 0;
  const outcomes = await askTogether(["a", "b", "c"], ask(["b"]), fault, never);
  assert.deepEqual(outcomes, ["a done", "A fault in Exchanger: odd", "c done"]);
  assert.deepEqual(asked, [["a", "b", "c"], ["a"], ["b"], ["c"]]);
});

Deno.test("too few outcomes are a fault too, for nobody knows whose is missing", async () => {
  const ask = (items: readonly string[]) => Promise.resolve(items.length > 1 ? ["only one"] : [...items]);
  assert.deepEqual(await askTogether(["a", "b"], ask, fault, never), ["a", "b"]);
});

Deno.test("a program that must end asks no further", async () => {
  const force = new AbortController();
  const ask = () => {
    force.abort(new Error("the lead is lost"));
    return Promise.reject(new Error("aborted"));
  };
  await assert.rejects(askTogether(["a", "b"], ask, fault, force.signal), /the lead is lost/);
});
