/** Responses that nobody can apply, in the middle of good ones. */
import assert from "node:assert/strict";
import { HandOverBook, ResponseBook } from "./books.ts";
import { ignore, openFaultWorld, stopsCleanly } from "./fault_world.ts";

const good = 200;
/** Bodies without a task to which an incident could be attached. */
const withoutTask = [
  "this is no JSON",
  "",
  "null",
  "[1,2,3]",
  '"text"',
  "{}",
  '{"original_message":null,"processing_status":"completed"}',
  '{"original_message":{"task_id":null},"processing_status":"completed"}',
  '{"original_message":{"task_id":""},"processing_status":"completed"}',
];

Deno.test({
  name: "poison among 200 responses is set aside with its reason, and the others do not notice",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("poison", world);
    await handOver.start(good + 3);
    await handOver.arrived();
    const [badStatus, badVariable, badVariables, ...tasks] = [...handOver.tasks.values()];
    assert.ok(badStatus && badVariable && badVariables);

    const responses = new ResponseBook("poison", world);
    await responses.answer(tasks.slice(0, good / 2));
    await responses.publish(withoutTask.map((body) => ({ key: body, body })));
    await responses.answer([badStatus], { processing_status: "nearly" });
    await responses.answer([badVariable], { variables: { count: { type: "Integer", value: "not a number" } } });
    await responses.answer([badVariables], { variables: [1, 2] });
    await responses.answer(tasks.slice(good / 2));
    await responses.settled();

    const counts = await responses.balance();
    assert.equal(responses.setAside.length, withoutTask.length + 3, "each once");
    assert.ok(responses.setAside.every((body) => (body.error_info?.message ?? "") !== ""), "each with a reason");
    assert.equal(counts.recovered, 0, "nothing was tried again");
    await responses.answersAre("ok");
    assert.equal(worker.count("amqp.batch_failed"), 0);
    await worker.ready();
    await stopsCleanly(worker);
  },
});
