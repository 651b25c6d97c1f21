/** The ledger itself: a checker that cannot find a fault proves nothing. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Ledger } from "./ledger.ts";

function ledgerOf(...keys: readonly string[]): Ledger {
  const ledger = new Ledger("test", () => {});
  for (const key of keys) {
    ledger.attempt(key);
    ledger.acknowledge(key);
  }
  return ledger;
}

Deno.test("a balanced ledger is one line with all eight words", () => {
  const ledger = ledgerOf("a", "b");
  ledger.effect("a", "1");
  ledger.effect("b", "2");
  const line = "ledger test: attempted 2, acknowledged 2, ok 2, lost 0, duplicated 0, incomplete 0, recovered 0, " +
    "unexpected 0";
  assert.equal(ledger.line(), line);
  assert.equal(ledger.balance().ok, 2);
});

Deno.test("what was acknowledged and never seen is lost and named", () => {
  const ledger = ledgerOf("seen", "gone");
  ledger.effect("seen", "1");
  assert.throws(() => ledger.balance(), /lost 1/);
  assert.deepEqual(ledger.missing(), ["gone"]);
});

Deno.test("what was attempted and never acknowledged may be missing", () => {
  const ledger = new Ledger("test", () => {});
  ledger.attempt("refused");
  assert.equal(ledger.balance().lost, 0);
});

Deno.test("copies of one effect are recovered, two different effects are duplicated", () => {
  const ledger = ledgerOf("copied", "doubled");
  ledger.effect("copied", "1");
  ledger.effect("copied", "1");
  ledger.effect("doubled", "2");
  ledger.effect("doubled", "3");
  assert.equal(ledger.counts().recovered, 1);
  assert.equal(ledger.counts().duplicated, 1);
  assert.throws(() => ledger.balance(), /duplicated/);
});

Deno.test("an effect that is not whole is incomplete and named, however often it is said", () => {
  const ledger = ledgerOf("whole", "half");
  ledger.effect("whole", "1");
  ledger.effect("half", "2");
  ledger.incomplete("half", "no arms");
  ledger.incomplete("half", "two heads");
  assert.equal(ledger.counts().incomplete, 1);
  assert.throws(() => ledger.balance(), /incomplete[^]*half: no arms[^]*half: two heads/);
});

Deno.test("an effect of what was never attempted is unexpected", () => {
  const ledger = ledgerOf();
  ledger.effect("stranger", "1");
  assert.throws(() => ledger.balance(), /unexpected/);
});

Deno.test("whatever happens, every acknowledged key is either lost or ok, and nothing is recovered that is not ok", () => {
  const key = fc.constantFrom("a", "b", "c");
  const step = fc.oneof(
    fc.record({ act: fc.constant("acknowledge" as const), key }),
    fc.record({ act: fc.constant("again" as const), key }),
    fc.record({ act: fc.constant("effect" as const), key, identity: fc.constantFrom("1", "2") }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
    const ledger = new Ledger("test", () => {});
    for (const one of steps) {
      ledger.attempt(one.key);
      if (one.act === "effect") ledger.effect(one.key, one.identity);
      else ledger[one.act](one.key);
    }
    const { attempted, acknowledged, ok, lost, duplicated, recovered, unexpected } = ledger.counts();
    assert.ok(acknowledged <= ok + lost && ok + lost <= attempted);
    assert.ok(recovered <= ok && duplicated <= ok);
    assert.equal(unexpected, 0);
  }));
});
