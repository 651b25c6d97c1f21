import assert from "node:assert/strict";
import { parseDemoArguments } from "../../../simulators/demo/options.ts";

function optionsOf(...args: string[]) {
  const parsed = parseDemoArguments(args);
  assert.ok(parsed.kind === "run", "the arguments were refused");
  return parsed.options;
}

function refusalOf(...args: string[]) {
  const parsed = parseDemoArguments(args);
  assert.ok(parsed.kind === "answered", "the arguments were taken");
  assert.equal(parsed.exitCode, 2);
  assert.equal(parsed.stdout, "");
  return parsed.stderr;
}

Deno.test("without arguments twenty contracts are carried by simulated people until Ctrl-C", () => {
  assert.deepEqual(optionsOf(), { instances: 20, exit: false, people: "simulated", verbose: false });
});

Deno.test("one person is given three contracts, or as many as asked for", () => {
  assert.equal(optionsOf("--people", "me").instances, 3);
  assert.equal(optionsOf("--people", "me", "--instances", "7").instances, 7);
});

Deno.test("--instances and --exit are taken", () => {
  assert.deepEqual(optionsOf("--instances", "300", "--exit"), {
    instances: 300,
    exit: true,
    people: "simulated",
    verbose: false,
  });
});

Deno.test("what is no number of instances is refused with what would be one", () => {
  for (const text of ["many", "0", "1.5", "-3", "10001", "1e3", ""]) {
    assert.match(refusalOf("--instances", text), /a whole number from 1 to 10000/, text);
  }
});

Deno.test("unknown people, options and words are refused and lead to the help", () => {
  assert.match(refusalOf("--people", "you"), /Allowed choices are simulated, me/);
  assert.match(refusalOf("--fast"), /unknown option '--fast'/);
  assert.match(refusalOf("20"), /too many arguments/);
  assert.match(refusalOf("--instances"), /--help shows examples/);
});

Deno.test("--help says what the demo does, with examples", () => {
  const parsed = parseDemoArguments(["--help"]);
  assert.ok(parsed.kind === "answered");
  assert.equal(parsed.exitCode, 0);
  assert.match(parsed.stdout, /Usage: deno task demo \[options\]/);
  assert.match(parsed.stdout, /Camunda 7 and Bitrix24 are simulated/);
  assert.match(parsed.stdout, /deno task demo --instances 20 --exit/);
});
