import assert from "node:assert/strict";
import { parseArguments } from "../../../lib/program/arguments.ts";

const line = { name: "worker", summary: "Carries tasks.", examples: [] };
const parse = (...args: string[]) => parseArguments(line, "1.2.3", args);

function refusal(...args: string[]): string {
  const parsed = parse(...args);
  assert.ok(parsed.kind === "answered");
  assert.equal(parsed.exitCode, 2);
  assert.equal(parsed.stdout, "");
  return parsed.stderr;
}

Deno.test("without a command the program runs", () => {
  assert.deepEqual(parse(), { kind: "run", envFile: undefined, logFormat: undefined });
  assert.deepEqual(parse("run", "--log-format", "pretty"), { kind: "run", envFile: undefined, logFormat: "pretty" });
});

Deno.test("options may stand before and after the command", () => {
  const expected = { kind: "check", envFile: "prod.env", logFormat: undefined, json: true };
  assert.deepEqual(parse("--env-file", "prod.env", "check", "--json"), expected);
  assert.deepEqual(parse("check", "--json", "--env-file=prod.env"), expected);
});

Deno.test("--settings asks for the settings only", () => {
  assert.deepEqual(parse("--settings"), { kind: "settings", envFile: undefined, logFormat: undefined });
});

Deno.test("what is nearly right is answered with what was probably meant", () => {
  assert.match(refusal("chekc"), /Did you mean check\?/);
  assert.match(refusal("--env-fil", "x"), /Did you mean --env-file\?/);
});

Deno.test("what makes no sense is refused", () => {
  assert.match(refusal("start"), /Commands are run and check/);
  assert.match(refusal("run", "check"), /too many arguments/);
  assert.match(refusal("--log-format", "xml"), /Allowed choices are json, pretty/);
  assert.match(refusal("--json"), /--json belongs to check/);
  assert.match(refusal("check", "--settings"), /ask for one/);
  assert.match(refusal("--env-file"), /argument missing/);
});

Deno.test("a program without examples of its own still shows some", () => {
  const help = parse("--help");
  assert.ok(help.kind === "answered");
  assert.equal(help.exitCode, 0);
  assert.match(help.stdout, /Carries tasks\.[^]*exchanger-worker check {2}# says what is missing/);
});
