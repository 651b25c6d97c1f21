import assert from "node:assert/strict";
import { add, call, codeOf, never, openPortal } from "./portal_place.ts";

const addOne = { method: "tasks.task.add", params: { fields: { TITLE: "T", RESPONSIBLE_ID: 1 } } };

Deno.test("a page in front of the portal is status 200 and HTML, and nothing happens behind it", async () => {
  await using place = await openPortal();
  const { simulator, client } = place;
  simulator.faults.garbleNext("html", { method: "tasks.task.add" });
  await call(simulator, "user.get");
  const response = await fetch(`${simulator.webhookUrl}/tasks.task.add?fields[TITLE]=T&fields[RESPONSIBLE_ID]=1`);
  assert.deepEqual([response.status, response.headers.get("content-type")], [200, "text/html; charset=UTF-8"]);
  assert.match(await response.text(), /^<h1>/);
  simulator.faults.garbleNext("html");
  assert.equal(await codeOf(client.batch([addOne], never)), "strange_answer");
  assert.equal(simulator.people.openTasks().length, 0);
});

Deno.test("half an answer is status 200 and no JSON, but the call has had its effect", async () => {
  await using place = await openPortal();
  const { simulator, client } = place;
  simulator.faults.garbleNext("truncated", { method: "tasks.task.add", times: 2 });
  assert.equal(await codeOf(client.call(addOne.method, addOne.params, never)), "strange_answer");
  assert.equal(await codeOf(client.batch([addOne], never)), "strange_answer");
  assert.equal(simulator.people.openTasks().length, 2);
  assert.equal((await add(simulator)).status, 200);
});

Deno.test("a slow method is slow in each of its calls and slows no other", async () => {
  await using place = await openPortal();
  const { simulator } = place;
  simulator.faults.latency("user.get", 200);
  const cmd = { a: "user.get", b: "user.get", c: "tasks.task.list" };
  const { result_time: times } = (await call(simulator, "batch", { cmd })).body.result;
  for (const key of ["a", "b"]) assert.ok(times[key].duration >= 0.19, `${key} took ${times[key].duration} s`);
  assert.ok(times.c.duration < 0.15, `c took ${times.c.duration} s`);
  simulator.faults.latency("user.get", 0);
  assert.ok((await call(simulator, "user.get")).body.time.duration < 0.15);
});
