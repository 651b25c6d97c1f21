import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineError } from "../../../simulators/camunda/engine_error.ts";
import { type ElContext, evaluate } from "../../../simulators/camunda/evaluate.ts";
import { parseExpression } from "../../../simulators/camunda/expression.ts";
import { typedValueFrom, typedValueOfEl } from "../../../simulators/camunda/variables.ts";

function valueOf(source: string, variables: Readonly<Record<string, string | number | boolean | null>> = {}) {
  const context: ElContext = {
    variable: (name) => Object.hasOwn(variables, name) ? typedValueFrom({ value: variables[name] }) : undefined,
    execution: new Map(),
    nowMs: 0,
  };
  return evaluate(parseExpression(source), context);
}

Deno.test("text around expressions is kept", () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.integer(), (before, after, n) => {
    fc.pre(!/[$#]/u.test(before + after));
    assert.equal(valueOf(`${before}\${n}|${after}`, { n }), `${before}${n}|${after}`);
  }));
});

Deno.test("whole numbers are computed exactly, as Java's long", () => {
  const whole = fc.integer();
  fc.assert(fc.property(whole, whole, whole, (a, b, c) => {
    assert.equal(valueOf("${a + b * c - a}", { a, b, c }), BigInt(b) * BigInt(c));
    assert.equal(valueOf("${(a < b) == (b > a) && !(a < b && b < a)}", { a, b }), true);
  }));
});

Deno.test("a text literal is what was written, quotes and backslashes escaped", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    fc.pre(!text.includes("\n"));
    const literal = text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
    assert.equal(valueOf(`\${'${literal}'}`), text);
    assert.equal(valueOf(`\${x == '${literal}'}`, { x: text }), true);
  }));
});

Deno.test("an expression that is no JUEL is refused when it is parsed, whatever it is", () => {
  fc.assert(fc.property(fc.string(), (inside) => {
    try {
      parseExpression(`\${${inside}`);
    } catch (error) {
      assert.ok(error instanceof EngineError);
      assert.match(error.message, /^ENGINE-01009/u);
    }
  }));
  for (const source of ["${", "${}", "${a ==}", "${(a}", "${a ? b}", "${a.}", "${'a}", "${a b}"]) {
    assert.throws(() => parseExpression(source), EngineError, source);
  }
});

Deno.test("operators bind as in JUEL", () => {
  assert.equal(valueOf("${1 + 2 * 3 == 7 and not false or x}"), true);
  assert.equal(valueOf("${-2 + 3}"), 1n);
  assert.equal(valueOf("${7 / 2}"), 3.5);
  assert.equal(valueOf("${true ? 'a' : false ? 'b' : 'c'}"), "a");
  assert.equal(valueOf("${empty '' && !empty 'x'}"), true);
});

Deno.test("dates, texts and numbers of any kind survive the way through a variable", () => {
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 4000 }), fc.boolean(), fc.double({ noNaN: true })), (value) => {
    assert.equal(typedValueOfEl(value).value, value);
  }));
});
