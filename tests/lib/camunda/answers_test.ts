import assert from "node:assert/strict";
import { type CamundaGrade, gradeCamundaError } from "../../../lib/camunda/answers.ts";
import { CamundaError } from "../../../lib/camunda/client.ts";
import { HttpError } from "../../../lib/http/http_client.ts";
import { camundaAvailable } from "../../services/camunda.ts";
import { deadPort } from "../http/raw_server.ts";
import { camundaFailure, clientFor, deployed, engineUrl, oneTask, startFakeCamunda } from "./camunda_fixture.ts";

const onEngine = { ignore: !camundaAvailable };
const [me, other] = ["universal-worker", "somebody-else"];

async function gradeOf(call: Promise<unknown>): Promise<CamundaGrade> {
  try {
    await call;
  } catch (error) {
    return gradeCamundaError(error);
  }
  assert.fail("the call succeeded");
}

/** The grade of a complete that is answered so. */
async function gradeOfAnswer(answer: Response): Promise<CamundaGrade> {
  await using fake = startFakeCamunda(() => answer);
  using camunda = clientFor(fake.baseUrl);
  return await gradeOf(camunda.complete("t", { workerId: me }));
}

/** A process of one task, started and fetched by us. */
async function lockedOne(process: (key: string) => string, variables = {}) {
  const { driver, key, [Symbol.asyncDispose]: undeploy } = await deployed(process);
  const camunda = clientFor(engineUrl());
  const instanceId = await driver.start(key, { variables });
  const [task] = await camunda.fetchAndLock({ topics: [key], maxTasks: 1, pollMs: 0 });
  assert.ok(task);
  return {
    driver,
    camunda,
    instanceId,
    taskId: task.id,
    async [Symbol.asyncDispose]() {
      camunda.close();
      await undeploy();
    },
  };
}

/** Every call about a task whose answer is graded. */
function calls({ camunda, taskId }: Awaited<ReturnType<typeof lockedOne>>, workerId: string) {
  return {
    complete: () => camunda.complete(taskId, { workerId }),
    failure: () => camunda.failure(taskId, { workerId, errorMessage: "x", retries: 1, retryTimeoutMs: 0 }),
    bpmnError: () => camunda.bpmnError(taskId, { workerId, errorCode: "x" }),
    extendLock: () => camunda.extendLock(taskId, workerId, 60_000),
  };
}

Deno.test("the engine: a task that was completed or cancelled is gone", onEngine, async () => {
  await using one = await lockedOne(oneTask);
  await one.camunda.complete(one.taskId, { workerId: me });
  for (const [name, call] of Object.entries(calls(one, me))) assert.equal((await gradeOf(call())).kind, "gone", name);
  assert.equal((await gradeOf(one.camunda.lock(one.taskId, me, 1_000))).kind, "gone");
  assert.equal((await gradeOf(one.camunda.setRetries(one.taskId, 1))).kind, "gone");
  assert.equal(await one.camunda.endOfTask(one.taskId), "completed");

  await using two = await lockedOne(oneTask);
  await two.driver.deleteInstance(two.instanceId);
  assert.equal((await gradeOf(two.camunda.complete(two.taskId, { workerId: me }))).kind, "gone");
  assert.equal(await two.camunda.endOfTask(two.taskId), "cancelled");
});

Deno.test("the engine: the holder of a lock is named, nobody is null", onEngine, async () => {
  await using one = await lockedOne(oneTask);
  for (const [name, call] of Object.entries(calls(one, other))) {
    const grade = await gradeOf(call());
    assert.deepEqual([name, grade.kind === "other_worker" && grade.lockedBy], [name, me]);
  }
  const taken = await gradeOf(one.camunda.lock(one.taskId, other, 1_000));
  assert.equal(taken.kind === "other_worker" && taken.lockedBy, me);

  await one.camunda.unlock(one.taskId);
  for (const [name, call] of Object.entries(calls(one, me))) {
    const grade = await gradeOf(call());
    assert.deepEqual([name, grade.kind === "other_worker" ? grade.lockedBy : grade.kind], [name, null]);
  }
});

Deno.test(
  "the engine: an expired lock cannot be extended but taken again, and completes without",
  onEngine,
  async () => {
    await using one = await lockedOne(oneTask);
    await one.camunda.lock(one.taskId, me, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const expired = await gradeOf(one.camunda.extendLock(one.taskId, me, 60_000));
    assert.deepEqual([expired.kind, expired.kind === "other_worker" && expired.lockedBy], ["other_worker", null]);
    await one.camunda.complete(one.taskId, { workerId: me });
  },
);

Deno.test("the engine: a suspended task says so, and its lock can still be kept", onEngine, async () => {
  await using one = await lockedOne(oneTask);
  await one.driver.suspend(one.instanceId);
  for (const [name, call] of Object.entries(calls(one, me))) {
    assert.equal((await gradeOf(call())).kind, "suspended", name);
  }
  await one.camunda.lock(one.taskId, me, 60_000);
  await one.driver.activate(one.instanceId);
  await one.camunda.complete(one.taskId, { workerId: me });
});

Deno.test(
  "the engine: a gateway that cannot decide is the process's failure, and the task stays ours",
  onEngine,
  async () => {
    await using one = await lockedOne((key) =>
      oneTask(
        key,
        `<exclusiveGateway id="next"/><endEvent id="end"/><endEvent id="end2"/>
       <sequenceFlow id="a" sourceRef="next" targetRef="end"><conditionExpression
         xsi:type="tFormalExpression">\${undefinedVariable == "ok"}</conditionExpression></sequenceFlow>
       <sequenceFlow id="b" sourceRef="next" targetRef="end2"/>`,
      )
    );
    const grade = await gradeOf(one.camunda.complete(one.taskId, { workerId: me }));
    assert.equal(grade.kind, "process_failed");
    assert.equal(grade.answer.httpStatus, 500);
    assert.match(grade.answer.camundaMessage ?? "", /undefinedVariable/);
    assert.equal((await one.camunda.externalTask(one.taskId))?.workerId, me);
  },
);

Deno.test("the engine: optimistic locking is a conflict", onEngine, async () => {
  const failing = `<serviceTask id="next" camunda:delegateExpression="\${failing}"/>
    <sequenceFlow id="a" sourceRef="next" targetRef="end"/><endEvent id="end"/>`;
  await using one = await lockedOne((key) => oneTask(key, failing), { failure: { value: "optimistic_locking" } });
  assert.equal((await gradeOf(one.camunda.complete(one.taskId, { workerId: me }))).kind, "conflict");
});

Deno.test(
  "the engine: a text too long for its column, an unknown type and a bad value are permanent",
  onEngine,
  async () => {
    await using one = await lockedOne(oneTask);
    const bad = {
      tooLong: { type: "String", value: "x".repeat(4_001), valueInfo: {} },
      unknownType: { type: "Nope", value: "x", valueInfo: {} },
      badValue: { type: "Long", value: "x", valueInfo: {} },
    };
    for (const [name, x] of Object.entries(bad)) {
      // In the midst of a process: at its end the variable would be gone before it is stored.
      const call = one.camunda.rest.run({
        method: "PUT",
        path: `/process-instance/${one.instanceId}/variables/x`,
        json: x,
      });
      assert.deepEqual([name, (await gradeOf(call)).kind], [name, "permanent"]);
    }
  },
);

Deno.test("the engine: an address beside the REST API is wrong, not a gone task", onEngine, async () => {
  using camunda = clientFor(engineUrl().replace("/engine-rest", ""));
  const grade = await gradeOf(camunda.complete("t", { workerId: me }));
  assert.equal(grade.kind, "dependency_wrong");
  assert.match(grade.reason, /Does CAMUNDA_BASE_URL lead to the engine's REST API/);
  await assert.rejects(camunda.externalTask("t"), CamundaError);
});

Deno.test("a deadlock is a conflict", async () => {
  assert.equal((await gradeOfAnswer(camundaFailure(500, "deadlock", 10_000))).kind, "conflict");
});

Deno.test("refused credentials and rights are a fault of the connection, not of the task", async () => {
  const unauthorized = await gradeOfAnswer(new Response(null, { status: 401 }));
  assert.equal(unauthorized.kind, "dependency_wrong");
  assert.match(unauthorized.reason, /CAMUNDA_AUTH_USERNAME/);
  const forbidden = camundaFailure(403, "The user is not authorized", 0, "AuthorizationException");
  assert.equal((await gradeOfAnswer(forbidden)).kind, "dependency_wrong");
});

Deno.test("pages of proxies are not answers of Camunda", async () => {
  const html = "<html>";
  assert.equal((await gradeOfAnswer(new Response(html, { status: 404 }))).kind, "dependency_wrong");
  assert.equal((await gradeOfAnswer(new Response(html, { status: 200 }))).kind, "dependency_wrong");
  assert.equal((await gradeOfAnswer(new Response(html, { status: 500 }))).kind, "dependency_wrong");
  const login = new Response(null, { status: 302, headers: { location: "/login" } });
  assert.equal((await gradeOfAnswer(login)).kind, "dependency_wrong");
  assert.equal((await gradeOfAnswer(camundaFailure(404, "HTTP 404 Not Found"))).kind, "dependency_wrong");
  for (const status of [502, 503, 504]) {
    const grade = await gradeOfAnswer(new Response(html, { status }));
    assert.deepEqual([grade.kind, grade.kind === "unavailable" && grade.ambiguous], ["unavailable", true]);
  }
});

Deno.test("no answer tells whether the request may have taken effect", async () => {
  using camunda = clientFor(`http://127.0.0.1:${deadPort()}/engine-rest`);
  const grade = await gradeOf(camunda.complete("t", { workerId: me }));
  assert.deepEqual([grade.kind, grade.kind === "unavailable" && grade.ambiguous], ["unavailable", false]);
  const lost = gradeCamundaError(new HttpError("lost", "reset", true));
  assert.deepEqual([lost.kind, lost.kind === "unavailable" && lost.ambiguous], ["unavailable", true]);
});

Deno.test("too many parked polls are an overload", async () => {
  const text = "At the moment the server has to handle too many requests at the same time. Please try again later.";
  assert.equal((await gradeOfAnswer(camundaFailure(500, text, 0, "InvalidRequestException"))).kind, "overloaded");
});

Deno.test("a fault of ours is not graded but thrown on", () => {
  assert.throws(() => gradeCamundaError(new TypeError("ours")), TypeError);
});
