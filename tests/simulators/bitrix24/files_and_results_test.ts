import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call, refusalOf, resultOf } from "./portal_place.ts";

Deno.test("files are attached at creation and later, each time anew, and lead back to the drive", async () => {
  await using simulator = await startBitrix24Simulator();
  const disk = simulator.disk;
  const [first, second] = [disk.put({ id: 201, name: "Договор.pdf" }), disk.put({ name: "Счёт.pdf", size: 5 })];
  await add(simulator, { UF_TASK_WEBDAV_FILES: [`n${first}`] });
  const attach = (fileId: number) => resultOf(simulator, "tasks.task.files.attach", { taskId: 1, fileId });
  const { attachmentId } = await attach(second);
  await attach(second);
  const select = ["UF_TASK_WEBDAV_FILES"];
  const { ufTaskWebdavFiles } = (await resultOf(simulator, "tasks.task.get", { taskId: 1, select })).task;
  assert.equal(ufTaskWebdavFiles.length, 3);
  assert.equal(ufTaskWebdavFiles[1], attachmentId);
  const objects = await Promise.all(
    ufTaskWebdavFiles.map((id: number) => resultOf(simulator, "disk.attachedObject.get", { id })),
  );
  assert.deepEqual(
    objects.map(({ OBJECT_ID, NAME, MODULE_ID, ENTITY_TYPE, ENTITY_ID }) =>
      [OBJECT_ID, NAME, MODULE_ID, ENTITY_TYPE, ENTITY_ID].join()
    ),
    [
      "201,Договор.pdf,tasks,tasks_task,1",
      `${second},Счёт.pdf,tasks,tasks_task,1`,
      `${second},Счёт.pdf,tasks,tasks_task,1`,
    ],
  );
});

Deno.test("a file is attached by form as well", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const fileId = simulator.disk.put({ name: "a.pdf" });
  const response = await fetch(`${simulator.webhookUrl}/tasks.task.files.attach.json`, {
    method: "POST",
    body: new URLSearchParams({ taskId: "1", fileId: String(fileId) }),
  });
  assert.equal(typeof (await response.json()).result.attachmentId, "number");
});

Deno.test("what is not on the drive is neither attached nor part of a new task, which then is not made", async () => {
  await using simulator = await startBitrix24Simulator();
  assert.equal((await add(simulator, { UF_TASK_WEBDAV_FILES: ["n5"] })).body.error, "ERROR_CORE");
  assert.deepEqual(simulator.people.openTasks(), []);
  await add(simulator);
  const attach = (params: object) => refusalOf(simulator, "tasks.task.files.attach", params);
  assert.deepEqual((await attach({ taskId: 1, fileId: 5 })).slice(0, 2), [400, "ERROR_CORE"]);
  assert.deepEqual((await attach({ taskId: 1 })).slice(0, 2), [400, "100"]);
  assert.deepEqual((await attach({ taskId: 9, fileId: 5 })).slice(0, 2), [400, "0"]);
  assert.equal((await refusalOf(simulator, "disk.attachedObject.get", { id: 5 }))[1], "ERROR_NOT_FOUND");
  const { task } = await resultOf(simulator, "tasks.task.get", { taskId: 1, select: ["UF_TASK_WEBDAV_FILES"] });
  assert.equal(task.ufTaskWebdavFiles, false);
});

Deno.test("an update of a task's files keeps those it names and adds new ones", async () => {
  await using simulator = await startBitrix24Simulator();
  const [a, b] = [simulator.disk.put({ name: "a" }), simulator.disk.put({ name: "b" })];
  await add(simulator, { UF_TASK_WEBDAV_FILES: [`n${a}`, `n${a}`] });
  const select = ["UF_TASK_WEBDAV_FILES"];
  const files = async () => (await resultOf(simulator, "tasks.task.get", { taskId: 1, select })).task.ufTaskWebdavFiles;
  const [kept] = await files();
  await call(simulator, "tasks.task.update", { taskId: 1, fields: { UF_TASK_WEBDAV_FILES: [kept, `n${b}`] } });
  assert.deepEqual(await files(), [kept, kept + 2]);
});

Deno.test("a result is a comment with files, whose FILE_ID is no number of the drive", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  simulator.people.finish("1", { result: "[B]Готово[/B] & подписано", files: [{ name: "r.pdf" }], by: 8 });
  const [result] = await resultOf(simulator, "tasks.task.result.list", { taskId: 1 });
  const { id: _id, createdAt, updatedAt, commentId, files, ...rest } = result;
  assert.deepEqual(rest, {
    taskId: 1,
    createdBy: 8,
    status: 1,
    text: "[B]Готово[/B] & подписано",
    formattedText: "<b>Готово</b> &amp; подписано",
  });
  assert.equal(createdAt, updatedAt);
  const comment = await resultOf(simulator, "task.commentitem.get", { TASKID: 1, ITEMID: commentId });
  assert.deepEqual(Object.keys(comment.ATTACHED_OBJECTS), files.map(String));
  const { FILE_ID, NAME, ATTACHMENT_ID } = comment.ATTACHED_OBJECTS[files[0]];
  assert.deepEqual([NAME, ATTACHMENT_ID], ["r.pdf", String(files[0])]);
  const { OBJECT_ID } = await resultOf(simulator, "disk.attachedObject.get", { id: files[0] });
  assert.equal(simulator.disk.get(Number(OBJECT_ID))?.name, "r.pdf");
  assert.equal(simulator.disk.get(Number(FILE_ID)), undefined);
});

Deno.test("a comment without files has an empty list of them; one of another task is not found", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  await add(simulator);
  const id = await resultOf(simulator, "task.commentitem.add", {
    TASKID: 1,
    FIELDS: { POST_MESSAGE: "Когда?", AUTHOR_ID: 9 },
  });
  const comment = await resultOf(simulator, "task.commentitem.get", { TASKID: 1, ITEMID: id });
  assert.deepEqual([comment.POST_MESSAGE, comment.AUTHOR_ID, comment.ATTACHED_OBJECTS], ["Когда?", "9", []]);
  for (const params of [{ TASKID: 2, ITEMID: id }, { ITEMID: id, TASKID: 1 }, { TASKID: 1, ITEMID: 7 }]) {
    const [status, code, text] = await refusalOf(simulator, "task.commentitem.get", params);
    assert.deepEqual([status, code], [400, "ERROR_CORE"]);
    assert.match(text, /^TASKS_ERROR_EXCEPTION_#512/);
  }
  assert.equal((await refusalOf(simulator, "tasks.task.result.list", { taskId: 9 }))[1], "0");
});

Deno.test("results stay closed when the task is taken up again, and a list says who has which", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator, { SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }] });
  const info = async () => {
    const { tasks } = await resultOf(simulator, "tasks.task.list", {
      select: ["ID"],
      params: { WITH_RESULT_INFO: true },
    });
    return [tasks[0].taskRequireResult, tasks[0].taskHasOpenResult, tasks[0].taskHasResult];
  };
  assert.deepEqual(await info(), ["Y", "N", "N"]);
  simulator.people.addResult("1", { text: "почти" });
  assert.deepEqual(await info(), ["Y", "Y", "Y"]);
  simulator.people.finish("1");
  simulator.people.reopen("1");
  assert.deepEqual(await info(), ["Y", "N", "Y"]);
  simulator.people.addResult("1", { text: "теперь всё" });
  const results = await resultOf(simulator, "tasks.task.result.list", { taskId: 1 });
  assert.deepEqual(
    results.map(({ text, status }: { readonly text: string; readonly status: number }) => [text, status]),
    [["теперь всё", 0], ["почти", 1]],
  );
});

Deno.test("in the new task card a result is no comment, and its files are those of a result", async () => {
  await using simulator = await startBitrix24Simulator({ newTaskCard: true });
  await add(simulator);
  simulator.people.addResult("1", { text: "вот", files: [{ name: "r.pdf" }] });
  const [{ commentId, files }] = await resultOf(simulator, "tasks.task.result.list", { taskId: 1 });
  assert.deepEqual([commentId, simulator.comments("1")], [0, []]);
  const { NAME, MODULE_ID } = await resultOf(simulator, "disk.attachedObject.get", { id: files[0] });
  assert.deepEqual([NAME, MODULE_ID], ["r.pdf", "tasks"]);
  const ITEMID = await resultOf(simulator, "task.commentitem.add", { TASKID: 1, FIELDS: { POST_MESSAGE: "?" } });
  assert.equal((await refusalOf(simulator, "task.commentitem.get", { TASKID: 1, ITEMID }))[1], "ERROR_CORE");
});

Deno.test("a task that is closed already gets no second result", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  simulator.people.finish("1", { result: "первый" });
  assert.throws(() => simulator.people.finish("1", { result: "второй" }), /не разрешено/);
  assert.deepEqual(simulator.portal.results.of(1).map(({ text }) => text), ["первый"]);
});
