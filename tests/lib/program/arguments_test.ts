import assert from "node:assert/strict";
import { parseArguments } from "../../../lib/program/arguments.ts";

const line = { name: "worker", summary: "Carries tasks.", examples: [] };
const parse = (...args: string[]) => parseArguments(line, "1.2.3", args);
const parseWithSetUp = (...args: string[]) => parseArguments({ ...line, canSetUp: true }, "1.2.3", args);

function refusal(...args: string[]): string {
  return refusalOf(parse(...args));
}

function refusalOf(parsed: ReturnType<typeof parse>): string {
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

Deno.test("a program that can set a system up says so, and changes nothing unless asked", () => {
  const common = { kind: "setup", envFile: undefined, logFormat: undefined, system: "bitrix24" };
  assert.deepEqual(parseWithSetUp("setup", "bitrix24"), { ...common, apply: false, json: false });
  assert.deepEqual(parseWithSetUp("--json", "setup", "bitrix24", "--apply"), { ...common, apply: true, json: true });
  assert.match(refusalOf(parseWithSetUp("setup")), /setup needs the system/);
  assert.match(refusalOf(parseWithSetUp("check", "--apply")), /--apply belongs to setup/);
  assert.match(refusalOf(parseWithSetUp("check", "bitrix24")), /too many arguments after check/);
  assert.match(refusalOf(parseWithSetUp("setup", "bitrix24", "--settings")), /ask for one/);
  assert.match(refusalOf(parseWithSetUp("--json")), /--json belongs to check and setup/);
  assert.match(refusalOf(parseWithSetUp("start")), /Commands are run, check and setup/);
});

Deno.test("a program that sets nothing up does not know the command", () => {
  assert.match(refusal("setup"), /Commands are run and check/);
  assert.match(refusal("setup", "bitrix24"), /too many arguments/);
});

Deno.test("a program without examples of its own still shows some", () => {
  const help = parse("--help");
  assert.ok(help.kind === "answered");
  assert.equal(help.exitCode, 0);
  assert.match(help.stdout, /Carries tasks\.[^]*exchanger-worker check {2}# says what is missing/);
});
