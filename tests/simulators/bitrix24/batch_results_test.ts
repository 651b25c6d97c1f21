import assert from "node:assert/strict";
import { withResults } from "../../../simulators/bitrix24/batch_results.ts";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { call, resultOf } from "./portal_place.ts";

const answers = new Map([["a", { result: { task: { id: "5" }, ids: [1, 2] } }], ["n", { result: 901 }]]);

Deno.test("a reference becomes what it stands for, inside a text it becomes text, nowhere is an empty text", () => {
  const params = {
    id: "$result[a][task][id]",
    filter: { ID: "$result[a][ids]", list: ["$result[n]", "x"] },
    text: "№ $result[a][task][id] и $result[a][ids][1]!",
    gone: "$result[b][task]",
    deep: "$result[a][task][id][x][y]",
    plain: "$results",
    number: 7,
  };
  assert.deepEqual(withResults(params, answers), {
    id: "5",
    filter: { ID: [1, 2], list: [901, "x"] },
    text: "№ 5 и 2!",
    gone: "",
    deep: "",
    plain: "$results",
    number: 7,
  });
});

Deno.test("a task and its checklist are made with one request", async () => {
  await using simulator = await startBitrix24Simulator();
  const { result, result_error } = await resultOf(simulator, "batch", {
    halt: 1,
    cmd: {
      t: "tasks.task.add?fields[TITLE]=T&fields[RESPONSIBLE_ID]=7",
      g: "task.checklistitem.add?TASKID=%24result%5Bt%5D%5Btask%5D%5Bid%5D&FIELDS[TITLE]=G&FIELDS[PARENT_ID]=0",
      i: "task.checklistitem.add?TASKID=$result[t][task][id]&FIELDS[TITLE]=I&FIELDS[PARENT_ID]=$result[g]",
    },
  });
  assert.deepEqual(result_error, []);
  assert.deepEqual(simulator.portal.checklists.of(1).map(({ id, parentId }) => [id, parentId]), [
    [result.g, 0],
    [result.i, result.g],
  ]);
});

Deno.test("what depends on a failed command asks for nothing and fails by itself, unless the batch halts", async () => {
  await using simulator = await startBitrix24Simulator();
  const cmd = {
    t: "tasks.task.add?fields[TITLE]=&fields[RESPONSIBLE_ID]=7",
    g: "task.checklistitem.add?TASKID=$result[t][task][id]&FIELDS[TITLE]=G",
    u: "user.get?ID=7",
  };
  const errors = async (halt: number) => {
    const { body } = await call(simulator, "batch", { halt, cmd });
    return [Object.keys(body.result.result_error), Object.keys(body.result.result)];
  };
  assert.deepEqual(await errors(0), [["t", "g"], ["u"]]);
  assert.deepEqual(await errors(1), [["t"], []]);
});

Deno.test("whoever listens hears of each call, those in a batch with what was put in", async () => {
  const calls: [string, object][] = [];
  await using simulator = await startBitrix24Simulator({ onCall: (...call) => calls.push(call) });
  await call(simulator, "user.get", { ID: 1 });
  await call(simulator, "batch", { cmd: { a: "user.get?ID=2", b: "user.get?ID=$result[a][0][ID]" } });
  assert.deepEqual(calls, [["user.get", { ID: 1 }], ["user.get", { ID: "2" }], ["user.get", { ID: "2" }]]);
});
