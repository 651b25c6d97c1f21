import assert from "node:assert/strict";
import { about, afterLook, doneOf, trackedPortal } from "./tracked_portal.ts";

const QUESTION = { UF_RESULT_EXPECTED: "Y", UF_RESULT_QUESTION: "Согласны?" };
const ASKED = "Процесс ждёт ответ на вопрос: «Согласны?». Укажите ответ в поле задачи.";
const HOUR_MS = 3_600_000;

Deno.test("a task that was finished without the expected answer stays open, and its people are asked once", async () => {
  await using portal = await trackedPortal();
  const id = portal.add(QUESTION);
  portal.people.finish(id);
  let message = about(id);
  for (let look = 0; look < 3; look++) message = afterLook(message, (await portal.track(message))[0]);
  assert.deepEqual(portal.simulator.comments(id), [ASKED]);
  assert.deepEqual(portal.log.codes, ["bitrix24.answer_missing"]);
  assert.match(await portal.metrics(), /^exchanger_task_alerts_total\{[^}]*alert="answer_missing"[^}]*\} 1$/m);

  await portal.call("tasks.task.update", { taskId: id, fields: { UF_RESULT_ANSWER: "26" } });
  const { response } = doneOf((await portal.track(message))[0]);
  assert.equal(JSON.parse(JSON.stringify(response)).result.task.ufResultAnswer_text, "ДА");
});

Deno.test("who was asked is remembered by the message through a restart, and by the tracker when the message is not", async () => {
  await using portal = await trackedPortal();
  const id = portal.add(QUESTION);
  portal.people.finish(id);
  const message = afterLook(about(id), (await portal.track(about(id)))[0]);
  await portal.track(about(id)); // a hint of the portal is looked at with an older message
  await portal.restarted().track([message], new AbortController().signal);
  assert.equal(portal.simulator.comments(id).length, 1);
});

Deno.test("a task that is opened again and finished again without an answer is asked about again", async () => {
  await using portal = await trackedPortal();
  const id = portal.add(QUESTION);
  portal.people.finish(id);
  const asked = afterLook(about(id), (await portal.track(about(id)))[0]);
  portal.people.reopen(id);
  const open = afterLook(asked, (await portal.track(asked))[0]);
  portal.people.finish(id);
  await portal.track(open);
  assert.deepEqual(portal.simulator.comments(id), [ASKED, ASKED]);
});

Deno.test("a question that the task does not show is asked without its words", async () => {
  await using portal = await trackedPortal();
  const id = portal.add({ UF_RESULT_EXPECTED: "Y" });
  portal.people.finish(id);
  await portal.track(about(id));
  assert.deepEqual(portal.simulator.comments(id), ["Процесс ждёт ответ. Укажите ответ в поле задачи."]);
});

Deno.test("a comment that could not be written is written at the next look", async () => {
  await using portal = await trackedPortal();
  const id = portal.add(QUESTION);
  portal.people.finish(id);
  const fault = { status: 503, error: "QUERY_LIMIT_EXCEEDED" };
  portal.simulator.faults.failNext(fault, { method: "task.commentitem.add" });
  const message = afterLook(about(id), (await portal.track(about(id)))[0]);
  assert.deepEqual([portal.simulator.comments(id), portal.log.codes], [[], []]);
  await portal.track(message);
  assert.deepEqual(portal.simulator.comments(id), [ASKED]);
});

Deno.test("a comment that the portal refuses is not tried again", async () => {
  await using portal = await trackedPortal();
  const id = portal.add(QUESTION);
  portal.people.finish(id);
  portal.simulator.faults.refuseNext({ status: 400, error: "ERROR_CORE" }, "task.commentitem.add");
  const message = afterLook(about(id), (await portal.track(about(id)))[0]);
  await portal.track(message);
  assert.deepEqual([portal.simulator.comments(id), portal.log.codes], [[], ["bitrix24.answer_missing"]]);
});

Deno.test("by setting a missing answer is a no, as it was with the predecessor", async () => {
  await using portal = await trackedPortal({ BITRIX_MISSING_ANSWER: "no" });
  const id = portal.add(QUESTION);
  portal.people.finish(id);
  const { response } = doneOf((await portal.track(about(id)))[0]);
  const { task } = JSON.parse(JSON.stringify(response)).result;
  assert.deepEqual([task.ufResultExpected, task.ufResultAnswer_text], ["1", undefined]);
  assert.deepEqual(portal.simulator.comments(id), []);
});

Deno.test("a deadline that has passed is told once, and again when a later one passes; a comment comes by setting", async () => {
  for (const [comments, expected] of [["none", 0], ["deadline", 2]] as const) {
    await using portal = await trackedPortal({ BITRIX_ALERT_COMMENTS: comments });
    const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
    const id = portal.add({ DEADLINE: inHours(1) });
    let message = about(id);
    const look = async () => message = afterLook(message, (await portal.track(message))[0]);
    await look();
    assert.deepEqual(portal.log.codes, []);
    portal.passTime(2 * HOUR_MS);
    await look();
    await look();
    assert.deepEqual(portal.log.codes, ["bitrix24.deadline_passed"]);
    await portal.call("tasks.task.update", { taskId: id, fields: { DEADLINE: inHours(4) } });
    await look();
    portal.passTime(3 * HOUR_MS);
    await look();
    assert.deepEqual(portal.log.codes, ["bitrix24.deadline_passed", "bitrix24.deadline_passed"]);
    assert.equal(portal.simulator.comments(id).length, expected);
  }
});

Deno.test("a task whose responsible was dismissed is told of within the hour, once for each person", async () => {
  await using portal = await trackedPortal({ BITRIX_ALERT_COMMENTS: "dismissed" });
  const id = portal.add({ RESPONSIBLE_ID: 7 });
  let message = about(id);
  const look = async () => message = afterLook(message, (await portal.track(message))[0]);
  await look(); // who it is
  await look(); // whether they work here
  portal.simulator.users.put(7, { active: false });
  await look();
  assert.deepEqual(portal.log.codes, [], "asked once an hour");
  portal.passTime(HOUR_MS);
  await look();
  await look();
  assert.deepEqual(portal.log.codes, ["bitrix24.responsible_dismissed"]);
  assert.match(portal.simulator.comments(id)[0] ?? "", /Исполнитель задачи уволен/);
  await portal.call("tasks.task.update", { taskId: id, fields: { RESPONSIBLE_ID: 8 } });
  await look();
  await look();
  assert.equal(portal.log.codes.length, 1);
});

Deno.test("a person who was taken on again is responsible like any other", async () => {
  await using portal = await trackedPortal();
  const message = about(portal.add({ RESPONSIBLE_ID: 7 }));
  portal.simulator.users.put(7, { active: false });
  await portal.track(message);
  afterLook(message, (await portal.track(message))[0]);
  assert.equal(portal.log.codes.length, 1);
  portal.simulator.users.put(7, { active: true });
  portal.passTime(HOUR_MS);
  await portal.track(message);
  portal.simulator.users.put(7, { active: false });
  portal.passTime(HOUR_MS);
  await portal.track(message);
  assert.equal(portal.log.codes.length, 2, "and told of again");
});

Deno.test("a webhook that may not see people is asked once an hour, and tracking goes on", async () => {
  await using portal = await trackedPortal();
  const message = about(portal.add());
  await portal.track(message);
  portal.simulator.faults.refuseNext({ status: 403, error: "insufficient_scope" }, "user.get", { times: 9 });
  for (let look = 0; look < 3; look++) assert.equal((await portal.track(message))[0]?.kind, "open");
  assert.deepEqual(portal.log.codes, ["bitrix24.people_unknown"]);
});

Deno.test("a task that is opened again after its process went on is told of, by setting to its people too", async () => {
  await using portal = await trackedPortal({ BITRIX_ALERT_COMMENTS: "reopened" });
  const [id, other] = [portal.add(), portal.add()];
  portal.people.finish(id);
  doneOf((await portal.track(about(id)))[0]);
  portal.people.reopen(id);
  portal.passTime(HOUR_MS / 2);
  assert.equal(await portal.requestsOf(() => portal.track(about(other))), 2, "a look, and the comment");
  portal.passTime(HOUR_MS / 2);
  await portal.track(about(other));
  assert.deepEqual(portal.log.codes, ["bitrix24.task_reopened"]);
  assert.match(portal.simulator.comments(id)[0] ?? "", /Процесс уже получил ответ/);
});
