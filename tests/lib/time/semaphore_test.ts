import assert from "node:assert/strict";
import { Semaphore } from "../../../lib/time/semaphore.ts";

Deno.test("a semaphore runs no more pieces of work at once than it has slots, and all of them in order", async () => {
  const semaphore = new Semaphore(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const finish: (() => void)[] = [];
  const all = Promise.all([0, 1, 2, 3, 4].map((number) =>
    semaphore.run(async () => {
      order.push(number);
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => finish.push(resolve));
      running--;
    })
  ));
  for (let ended = 0; ended < 5; ended++) {
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    finish[ended]?.();
    await new Promise<void>((resolve) => setTimeout(resolve));
  }
  await all;
  assert.equal(most, 2);
  assert.deepEqual(order, [0, 1, 2, 3, 4]);
});

Deno.test("a semaphore frees its slot when the work fails", async () => {
  const semaphore = new Semaphore(1);
  await assert.rejects(semaphore.run(() => Promise.reject(new Error("broken"))), /broken/);
  assert.equal(await semaphore.run(() => Promise.resolve(7)), 7);
});
