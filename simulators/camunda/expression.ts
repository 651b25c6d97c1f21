/** The part of JUEL (Java's expression language) that BPMN models use, parsed to a tree; no code is ever generated. */
import { processError } from "./engine_error.ts";

export type BinaryOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "&&" | "||";

export type Term =
  | { readonly kind: "literal"; readonly value: string | bigint | number | boolean | null }
  | { readonly kind: "identifier"; readonly name: string }
  | { readonly kind: "property"; readonly base: Term; readonly key: Term }
  | { readonly kind: "call"; readonly base: Term | null; readonly name: string; readonly args: readonly Term[] }
  | { readonly kind: "unary"; readonly operator: "!" | "-" | "empty"; readonly operand: Term }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Term; readonly right: Term }
  | { readonly kind: "choice"; readonly condition: Term; readonly yes: Term; readonly no: Term };

/** Text with `${…}` or `#{…}` in it; a text without them is a constant. */
export interface Expression {
  readonly source: string;
  readonly parts: readonly (string | Term)[];
}

/** @throws {EngineError} as Camunda answers a deployment whose expression cannot be parsed: 500. */
export function parseExpression(source: string): Expression {
  const parts: (string | Term)[] = [];
  let text = "";
  for (let at = 0; at < source.length;) {
    if ((source[at] === "$" || source[at] === "#") && source[at + 1] === "{") {
      if (text !== "") parts.push(text);
      text = "";
      const parser = new TermParser(source, at + 2);
      parts.push(parser.parseToBrace());
      at = parser.position;
    } else text += source[at++];
  }
  if (text !== "") parts.push(text);
  return { source, parts };
}

type Token =
  | { readonly kind: "string" | "name" | "symbol"; readonly text: string }
  | { readonly kind: "number"; readonly value: bigint | number }
  | { readonly kind: "end" };

/** Float, integer, name, quoted text, symbol. */
const tokenSource = String
  .raw`\s*(?:(\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+)|(\d+)|([A-Za-z_$][\w$]*)|('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(&&|\|\||==|!=|<=|>=|[-+*/%!?:.,()[\]{}<>]))`;

const words: Readonly<Record<string, string>> = {
  and: "&&",
  or: "||",
  not: "!",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  div: "/",
  mod: "%",
};

/** Binary operators from loosest to tightest (JSR-245, 1.15). */
const levels: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

class TermParser {
  position: number;
  readonly #pattern = new RegExp(tokenSource, "uy");
  #token: Token;

  constructor(private readonly source: string, start: number) {
    this.position = start;
    this.#token = this.#scan();
  }

  parseToBrace(): Term {
    const term = this.#choice();
    if (!this.#is("}")) this.#fail();
    return term;
  }

  #choice(): Term {
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const yes = this.#choice();
    this.#expect(":");
    return { kind: "choice", condition, yes, no: this.#choice() };
  }

  #binary(level: number): Term {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#is(candidate));
      if (operator === undefined) return left;
      this.#advance();
      left = { kind: "binary", operator, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Term {
    if (this.#take("!")) return { kind: "unary", operator: "!", operand: this.#unary() };
    if (this.#take("-")) return { kind: "unary", operator: "-", operand: this.#unary() };
    if (this.#token.kind === "name" && this.#token.text === "empty") {
      this.#advance();
      return { kind: "unary", operator: "empty", operand: this.#unary() };
    }
    return this.#suffixed(this.#primary());
  }

  #suffixed(start: Term): Term {
    let term = start;
    for (;;) {
      if (this.#take("[")) {
        term = { kind: "property", base: term, key: this.#choice() };
        this.#expect("]");
      } else if (this.#take(".")) {
        const name = this.#name();
        term = this.#is("(")
          ? { kind: "call", base: term, name, args: this.#args() }
          : { kind: "property", base: term, key: { kind: "literal", value: name } };
      } else return term;
    }
  }

  #primary(): Term {
    const token = this.#token;
    switch (token.kind) {
      case "number":
        this.#advance();
        return { kind: "literal", value: token.value };
      case "string":
        this.#advance();
        return { kind: "literal", value: token.text };
      case "name": {
        this.#advance();
        if (token.text === "true" || token.text === "false") return { kind: "literal", value: token.text === "true" };
        if (token.text === "null") return { kind: "literal", value: null };
        if (this.#is("(")) return { kind: "call", base: null, name: token.text, args: this.#args() };
        return { kind: "identifier", name: token.text };
      }
      case "symbol": {
        if (!this.#take("(")) return this.#fail();
        const term = this.#choice();
        this.#expect(")");
        return term;
      }
      case "end":
        return this.#fail();
    }
  }

  #args(): Term[] {
    const args: Term[] = [];
    this.#expect("(");
    if (this.#take(")")) return args;
    do args.push(this.#choice()); while (this.#take(","));
    this.#expect(")");
    return args;
  }

  #name(): string {
    const token = this.#token;
    if (token.kind !== "name") return this.#fail();
    this.#advance();
    return token.text;
  }

  #is(symbol: string): boolean {
    return this.#token.kind === "symbol" && this.#token.text === symbol;
  }

  #take(symbol: string): boolean {
    if (!this.#is(symbol)) return false;
    this.#advance();
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) this.#fail();
  }

  #advance(): void {
    this.#token = this.#scan();
  }

  #scan(): Token {
    this.#pattern.lastIndex = this.position;
    const match = this.#pattern.exec(this.source);
    if (match === null) return { kind: "end" };
    this.position = this.#pattern.lastIndex;
    const [, float, integer, name, quoted, symbol] = match;
    if (float !== undefined) return { kind: "number", value: Number(float) };
    if (integer !== undefined) return { kind: "number", value: BigInt(integer) };
    if (quoted !== undefined) return { kind: "string", text: quoted.slice(1, -1).replaceAll(/\\(.)/gu, "$1") };
    if (name !== undefined) {
      const operator = Object.hasOwn(words, name) ? words[name] : undefined;
      return operator === undefined ? { kind: "name", text: name } : { kind: "symbol", text: operator };
    }
    return { kind: "symbol", text: symbol ?? "" };
  }

  #fail(): never {
    const found = this.#token.kind === "end"
      ? this.source.slice(this.position, this.position + 1)
      : String(this.#token.kind === "number" ? this.#token.value : this.#token.text);
    throw processError(
      `ENGINE-01009 Error while parsing process. Error parsing '${this.source}': syntax error near position ${this.position}, encountered '${found}'.`,
    );
  }
}
