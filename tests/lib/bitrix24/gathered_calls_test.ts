import assert from "node:assert/strict";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import type { Command, CommandResult } from "../../../lib/bitrix24/client.ts";
import { GatheredCalls } from "../../../lib/bitrix24/gathered_calls.ts";

const never = new AbortController().signal;

/** Answers each command with its method; what it was asked together is kept. */
function portal(answer: (command: Command) => CommandResult = ({ method }) => ({ ok: true, result: method })) {
  const rounds: string[][] = [];
  const runAll = (commands: readonly Command[]) => {
    rounds.push(commands.map(({ method }) => method));
    return Promise.resolve(commands.map(answer));
  };
  return { rounds, calls: new GatheredCalls({ runAll }, 50, never) };
}

const command = (method: string): Command => ({ method, params: {} });

Deno.test("what tasks ask side by side travels together, step by step", async () => {
  const { rounds, calls } = portal();
  const oneTask = async (name: string) => {
    const first = await calls.call(command(`${name}1`));
    return [first, await calls.call(command(`${name}2`))];
  };
  assert.deepEqual(await Promise.all([oneTask("a"), oneTask("b")]), [["a1", "a2"], ["b1", "b2"]]);
  assert.deepEqual(rounds, [["a1", "b1"], ["a2", "b2"]]);
});

Deno.test("a command that fails fails its caller alone", async () => {
  const error = new Bitrix24Error("rejected", "X", "no");
  const { calls } = portal(({ method }) => method === "bad" ? { ok: false, error } : { ok: true, result: 1 });
  const [bad, good] = await Promise.allSettled([calls.call(command("bad")), calls.call(command("good"))]);
  assert.deepEqual(bad, { status: "rejected", reason: error });
  assert.deepEqual(good, { status: "fulfilled", value: 1 });
});

Deno.test("a fault of ours fails every caller, so that none waits for ever", async () => {
  const fault = new Error("bug");
  const calls = new GatheredCalls({ runAll: () => Promise.reject(fault) }, 50, never);
  const results = await Promise.allSettled([calls.call(command("a")), calls.call(command("b"))]);
  assert.deepEqual(results.map((result) => result.status === "rejected" && result.reason), [fault, fault]);
});
