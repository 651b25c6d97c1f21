/** What befalls the process itself, other than kill -9: it is frozen while another takes over, or asked to stop. */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { HandOverBook } from "./books.ts";
import { ignore, openFaultWorld, stopsCleanly } from "./fault_world.ts";
import type { ProgramProcess } from "./program_process.ts";

const tasks = 20;
/** What the worker asks between fetching and publishing. */
const readVariables = /POST .*\/variable-instance/;

function fetchesOf(worker: ProgramProcess): number {
  return worker.lines.filter(({ code, msg }) => code === "camunda.call" && msg.includes("/fetchAndLock")).length;
}

Deno.test({
  name: "a worker that was frozen beyond its hand-over locks takes nothing away from the one that took over",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const book = new HandOverBook("frozen and overtaken", world);
    const frozen = await world.startWorker();
    const trap = world.camunda.interfere(readVariables, { kind: "hold_request" });
    await book.start(tasks);
    await frozen.logged("worker.fetched", { times: tasks });
    frozen.suspend();
    trap.release();

    const other = await world.startWorker();
    await other.logged("worker.published", { times: tasks });
    await world.leased(tasks);
    frozen.resume();
    await frozen.logged("worker.variables_unreadable");
    const before = fetchesOf(frozen);
    await eventually(() => fetchesOf(frozen) >= before + 2, "two more fetches, which would bring unlocked tasks");

    await book.arrived();
    await book.balance();
    assert.equal(other.count("worker.published") + frozen.count("worker.published"), tasks, "published once");
    await stopsCleanly(frozen);
    await stopsCleanly(other);
  },
});

Deno.test({
  name: "a worker that is asked to stop hands over what it has in hand first",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const book = new HandOverBook("stopped with tasks in hand", world);
    const worker = await world.startWorker();
    const trap = world.camunda.interfere(readVariables, { kind: "hold_request" });
    await book.start(tasks);
    await worker.logged("worker.fetched");
    const stopped = worker.stop();
    await worker.logged("program.stopping");
    trap.release();
    assert.equal(await stopped, 0, "exit code");
    assert.equal(worker.count("worker.published"), worker.count("worker.fetched"));

    const next = await world.startWorker();
    await book.arrived();
    await book.balance();
    await stopsCleanly(next);
  },
});
