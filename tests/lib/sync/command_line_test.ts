import assert from "node:assert/strict";
import { parseSyncArguments } from "../../../lib/sync/command_line.ts";
import { commands, services } from "../../../sync.ts";

const parse = (...args: readonly string[]) => parseSyncArguments(args, commands, services);

function answered(...args: readonly string[]) {
  const asked = parse(...args);
  assert.ok(asked.kind === "answered");
  return asked;
}

const names = [...commands, ...services].map((make) => make(() => {}).name());

Deno.test("--help lists all commands, with examples and exit codes", () => {
  const { stdout, exitCode } = answered("--help");
  assert.equal(exitCode, 0);
  for (const name of [...names, "check"]) assert.match(stdout, new RegExp(`^ {2}${name} `, "m"));
  assert.match(stdout, /Examples:\n {2}exchanger-sync check .*# says what is missing/);
  assert.match(stdout, /Exit codes: 0 ok, 1 failure/);
});

for (const name of [...names, "check"]) {
  Deno.test(`${name} --help has examples and --json`, () => {
    const { stdout, exitCode } = answered(name, "--help");
    assert.equal(exitCode, 0);
    assert.match(stdout, new RegExp(`Examples:\n {2}exchanger-sync ${name} .*# `));
    assert.match(stdout, /^ {2}--json/m);
  });
}

Deno.test("options of all programs may stand before the command or behind it", () => {
  for (const args of [["--env-file", "x.env", "list"], ["list", "--env-file", "x.env"]]) {
    const asked = parse(...args);
    assert.partialDeepStrictEqual(asked, { kind: "command", envFile: "x.env" });
  }
  assert.equal(parse("--settings").kind, "settings");
  assert.deepEqual(parse("check", "--json"), { kind: "check", json: true, envFile: undefined, logFormat: undefined });
  assert.equal(parse("watch").kind, "service");
});

const wrong: readonly (readonly [args: readonly string[], said: RegExp])[] = [
  [[], /Usage: exchanger-sync/],
  [["lnt"], /unknown command 'lnt'/],
  [["syncc"], /unknown command 'syncc'[^]*Did you mean sync\?/],
  [["convret", "x.bpmn"], /unknown command 'convret'/],
  [["list", "--jsn"], /unknown option '--jsn'[^]*Did you mean --json\?/],
  [["list", "extra"], /too many arguments/],
  [["list", "--quality", "11"], /It is a number from 0 to 10/],
  ...["list", "pull", "sync", "watch"].map((command) =>
    [[command, "--status", "DONE,DONNE"], /It is one of NEW, IN_PROGRESS, DONE, ARCHIVED, or several/] as const
  ),
  [["list", "--updated", "yesterday"], /A time looks like 2030-01-31/],
  [["convert"], /missing required argument/],
  [["deploy", "x.bpmn", "--older", "kill"], /It is keep, suspend or migrate/],
  [["list", "--settings"], /two different things/],
];
for (const [args, said] of wrong) {
  Deno.test(`"${args.join(" ")}" is a wrong command line, told with exit code 2`, () => {
    const { stdout, stderr, exitCode } = answered(...args);
    assert.deepEqual([stdout, exitCode], ["", 2]);
    assert.match(stderr, said);
  });
}
