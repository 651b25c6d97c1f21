import assert from "node:assert/strict";
import { TaskTurns } from "../../../lib/program/task_turns.ts";

/** Lets everything happen that does not wait for one of us. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("a turn waits for all earlier ones that share a task with it, and for no other", async () => {
  const turns = new TaskTurns();
  const order: string[] = [];
  const take = (name: string, ...ids: string[]) => turns.take(ids).then((turn) => (order.push(name), turn));
  const [first, second, third, apart] = [
    take("first", "a"),
    take("second", "b"),
    take("third", "a", "b"),
    take("apart", "c"),
  ];
  await settle();
  assert.deepEqual(order, ["first", "second", "apart"]);
  (await first)[Symbol.dispose]();
  await settle();
  assert.deepEqual(order, ["first", "second", "apart"]);
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  assert.deepEqual(order, ["first", "second", "apart", "third"]);
  (await apart)[Symbol.dispose]();
});

Deno.test("turns with one task come in the order in which they were asked for", async () => {
  const turns = new TaskTurns();
  const order: number[] = [];
  await Promise.all([1, 2, 3, 4].map(async (number) => {
    using _turn = await turns.take(["t"]);
    await settle();
    order.push(number);
  }));
  assert.deepEqual(order, [1, 2, 3, 4]);
});
