/** Evaluates parsed expressions with JUEL's coercions (JSR-245, 1.7 to 1.18); errors read as the engine's do. */
import { EngineError, missingValue, processError } from "./engine_error.ts";
import type { BinaryOperator, Expression, Term } from "./expression.ts";
import { callMethod } from "./expression_methods.ts";
import {
  type ElValue,
  elValueOf,
  elValueOfJson,
  isList,
  javaClassOf,
  JsonNode,
  type TypedValue,
  typedValueOfEl,
} from "./variables.ts";

/** What an expression can see. */
export interface ElContext {
  /** A variable visible from here; undefined when there is none (a variable may be null). */
  variable(name: string): TypedValue | undefined;
  /** What `execution.…` answers. */
  readonly execution: ReadonlyMap<string, ElValue>;
  readonly nowMs: number;
}

export function evaluate(expression: Expression, context: ElContext): ElValue {
  try {
    const values = expression.parts.map((part) => typeof part === "string" ? part : termValue(part, context));
    const [only] = values;
    return values.length === 1 && only !== undefined ? only : values.map(toText).join("");
  } catch (error) {
    if (error instanceof UnknownName) {
      throw processError(`Unknown property used in expression: ${expression.source}. Cause: ${error.message}`);
    }
    if (error instanceof CoercionError) {
      throw processError(`Error while evaluating expression: ${expression.source}. Cause: ${error.message}`);
    }
    throw error;
  }
}

/** As a variable value: a bare `${x}` hands the variable on with its type. */
export function evaluateTyped(expression: Expression, context: ElContext): TypedValue {
  const [only] = expression.parts;
  if (expression.parts.length === 1 && typeof only === "object" && only.kind === "identifier") {
    const variable = context.variable(only.name);
    if (variable !== undefined) return variable;
  }
  return expression.parts.length === 0 ? typedValueOfEl(null) : typedValueOfEl(evaluate(expression, context));
}

/** A sequence flow's condition: only a Boolean counts, text such as `ok` is an error (UelExpressionCondition). */
export function evaluateCondition(condition: Expression, context: ElContext): boolean {
  const value = evaluate(condition, context);
  if (value === null) throw missingValue("condition expression returns null: result is null");
  if (typeof value === "boolean") return value;
  throw processError(
    `condition expression returns non-Boolean: result has class ${javaClassOf(value)} and not java.lang.Boolean`,
  );
}

class UnknownName extends Error {}
class CoercionError extends Error {}

function termValue(term: Term, context: ElContext): ElValue {
  switch (term.kind) {
    case "literal":
      return term.value;
    case "identifier": {
      if (term.name === "execution") return context.execution;
      const variable = context.variable(term.name);
      if (variable === undefined) throw new UnknownName(`Cannot resolve identifier '${term.name}'`);
      return elValueOf(variable);
    }
    case "property":
      return propertyOf(termValue(term.base, context), termValue(term.key, context));
    case "call":
      return callValue(term, context);
    case "unary":
      return unaryValue(term.operator, termValue(term.operand, context));
    case "binary":
      return binaryValue(term.operator, term.left, term.right, context);
    case "choice":
      return toBoolean(termValue(term.condition, context)) ? termValue(term.yes, context) : termValue(term.no, context);
  }
}

function unaryValue(operator: "!" | "-" | "empty", operand: ElValue): ElValue {
  switch (operator) {
    case "!":
      return !toBoolean(operand);
    case "-":
      return negated(toNumber(operand));
    case "empty":
      return isEmpty(operand);
  }
}

function callValue(term: Extract<Term, { kind: "call" }>, context: ElContext): ElValue {
  const args = term.args.map((arg) => termValue(arg, context));
  if (term.base === null) {
    if (term.name === "now") return new Date(context.nowMs);
    const [text] = args;
    if ((term.name === "S" || term.name === "JSON") && typeof text === "string") return new JsonNode(JSON.parse(text));
    throw processError(`Could not resolve function '${term.name}'`);
  }
  const base = termValue(term.base, context);
  if (base === context.execution) {
    const [name] = args;
    const variable = context.variable(String(name));
    if (term.name === "getVariable") return variable === undefined ? null : elValueOf(variable);
    if (term.name === "hasVariable") return variable !== undefined;
    const property = term.name.replace(/^get([A-Z])/u, (_, first: string) => first.toLowerCase());
    return propertyOf(base, property);
  }
  if (base === null) throw new UnknownName(`Cannot find method ${term.name} in null`);
  const result = callMethod(base, term.name, args);
  if (result === undefined) {
    throw new EngineError(
      500,
      "ProcessEngineException",
      `Unknown method used in expression: Cannot find method ${term.name} in class ${javaClassOf(base)}`,
    );
  }
  return result;
}

function propertyOf(base: ElValue, key: ElValue): ElValue {
  if (base === null || key === null) return null;
  if (base instanceof Map) {
    const value: ElValue | undefined = base.get(toText(key));
    return value ?? null;
  }
  if (isList(base)) return base[Number(toNumber(key))] ?? null;
  if (base instanceof JsonNode && typeof base.value === "object" && base.value !== null && !Array.isArray(base.value)) {
    const entry = Object.entries(base.value).find(([name]) => name === toText(key));
    if (entry !== undefined) return elValueOfJson(entry[1]);
  }
  throw new UnknownName(`Cannot find property ${toText(key)} in class ${javaClassOf(base)}`);
}

function binaryValue(operator: BinaryOperator, leftTerm: Term, rightTerm: Term, context: ElContext): ElValue {
  const left = termValue(leftTerm, context);
  if (operator === "&&") return toBoolean(left) && toBoolean(termValue(rightTerm, context));
  if (operator === "||") return toBoolean(left) || toBoolean(termValue(rightTerm, context));
  const right = termValue(rightTerm, context);
  switch (operator) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "<":
      return left !== null && right !== null && compare(left, right) < 0;
    case ">":
      return left !== null && right !== null && compare(left, right) > 0;
    case "<=":
      return isEqual(left, right) || (left !== null && right !== null && compare(left, right) < 0);
    case ">=":
      return isEqual(left, right) || (left !== null && right !== null && compare(left, right) > 0);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(operator, toNumber(left), toNumber(right));
  }
}

function arithmetic(operator: "+" | "-" | "*" | "/" | "%", left: bigint | number, right: bigint | number): ElValue {
  if (operator === "/") return Number(left) / Number(right); // JUEL divides in Double, 4/2 is 2.0
  if (typeof left === "bigint" && typeof right === "bigint") {
    switch (operator) {
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left * right;
      case "%":
        if (right === 0n) throw new CoercionError("/ by zero");
        return left % right;
    }
  }
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "%":
      return a % b;
  }
}

function isEqual(left: ElValue, right: ElValue): boolean {
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (isNumber(left) || isNumber(right)) return compareNumbers(toNumber(left, right), toNumber(right, left)) === 0;
  if (typeof left === "boolean" || typeof right === "boolean") return toBoolean(left) === toBoolean(right);
  if (typeof left === "string" || typeof right === "string") return toText(left) === toText(right);
  return toText(left) === toText(right);
}

function compare(left: Exclude<ElValue, null>, right: Exclude<ElValue, null>): number {
  if (isNumber(left) || isNumber(right)) return compareNumbers(toNumber(left, right), toNumber(right, left));
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  if (typeof left === "string" || typeof right === "string") {
    const [a, b] = [toText(left), toText(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  throw new CoercionError(
    `Cannot compare values of class ${javaClassOf(left)} and class ${javaClassOf(right)}`,
  );
}

function compareNumbers(left: bigint | number, right: bigint | number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNumber(value: ElValue): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

function negated(value: bigint | number): bigint | number {
  return typeof value === "bigint" ? -value : -value;
}

/** `other` is the opposite operand: text compared with a Double is read as a Double. */
function toNumber(value: ElValue, other?: ElValue): bigint | number {
  if (isNumber(value)) return value;
  if (value === null || value === "") return 0n;
  if (typeof value === "string") {
    const text = value.trim();
    if (typeof other !== "number" && /^[-+]?\d+$/u.test(text)) return BigInt(text);
    const number = Number(text);
    if (!Number.isNaN(number) && (typeof other !== "bigint")) return number;
  }
  const shown = typeof value === "string" ? `'${value}'` : toText(value);
  throw new CoercionError(`Cannot coerce ${shown} to class java.lang.${typeof other === "number" ? "Double" : "Long"}`);
}

function toBoolean(value: ElValue): boolean {
  if (typeof value === "boolean") return value;
  if (value === null || value === "") return false;
  if (typeof value === "string") return value.toLowerCase() === "true";
  throw new CoercionError(`Cannot coerce from class ${javaClassOf(value)} to class java.lang.Boolean`);
}

function isEmpty(value: ElValue): boolean {
  if (value === null || value === "") return true;
  if (value instanceof Map) return value.size === 0;
  return isList(value) && value.length === 0;
}

export function toText(value: ElValue): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (value instanceof JsonNode) return JSON.stringify(value.value);
  if (isList(value)) return `[${value.map(toText).join(", ")}]`;
  if (value instanceof Map) {
    return `{${Array.from(value, ([key, entry]: [string, ElValue]) => `${key}=${toText(entry)}`).join(", ")}}`;
  }
  return String(value);
}
