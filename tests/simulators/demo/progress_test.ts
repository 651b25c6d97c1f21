import assert from "node:assert/strict";
import { encodeMessage } from "../../../lib/messages/json.ts";
import type { TaskRecord } from "../../../simulators/camunda/simulator.ts";
import { Progress } from "../../../simulators/demo/progress.ts";

/** Task ids are made of the instance, the activity and a number: `7 Approve 1`. */
function newProgress(): Progress {
  return new Progress({
    nameOf: (processInstanceId) => `contract-${processInstanceId}`,
    taskOf(taskId): TaskRecord | undefined {
      const [processInstanceId = "", activityId] = taskId.split(" ");
      if (activityId === undefined) return undefined;
      const counts = { fetched: 1, completed: 0, failed: 0, bpmnErrors: 0 };
      return { taskId, topicName: "bitrix_create_task", activityId, processInstanceId, ...counts };
    },
  });
}

function follow(progress: Progress, ...events: [event: string, taskId: string][]): void {
  for (const [event, task_id] of events) progress.onEvent(encodeMessage({ event, task_id, program: "worker" }));
}

const textsOf = (progress: Progress) => progress.soFar().happenings.map(({ text }) => text);

Deno.test("a task counts once at each station, however often it is seen there", () => {
  const progress = newProgress();
  follow(
    progress,
    ["fetched", "1 Prepare 1"],
    ["fetched", "2 Prepare 1"],
    ["published", "1 Prepare 1"],
    ["published", "1 Prepare 1"],
    ["created", "1 Prepare 1"],
    ["answered", "1 Prepare 1"],
    ["completed", "1 Prepare 1"],
    ["retried", "1 Prepare 1"],
  );
  assert.deepEqual(progress.soFar().tasks, { fetched: 2, published: 1, created: 1, answered: 1, completed: 1 });
});

Deno.test("the way of a contract is told, and that it was refused", () => {
  const progress = newProgress();
  follow(
    progress,
    ["fetched", "5 Prepare 1"],
    ["fetched", "5 Prepare 1"],
    ["created", "5 Prepare 1"],
    ["answered", "5 Prepare 1"],
    ["fetched", "5 Approve 1"],
    ["created", "5 Approve 1"],
    ["answered", "5 Approve 1"],
    ["fetched", "5 Prepare 2"],
  );
  progress.onCompleted([{ name: "contract-4", given: 3, arrived: 3 }]);
  assert.deepEqual(textsOf(progress), [
    "contract-5: Prepare waits for a person",
    "contract-5: Prepare is done",
    "contract-5: Approve waits for a person",
    "contract-5: Approve is done",
    "contract-5: refused, goes back to Prepare",
    "contract-4: completed, 3 of 3 answers in Camunda",
  ]);
});

Deno.test("a contract whose answers are not all in Camunda is told as odd, one without any is not", () => {
  const progress = newProgress();
  progress.onCompleted([{ name: "contract-1", given: 3, arrived: 2 }, { name: "contract-2", given: 0, arrived: 0 }]);
  assert.deepEqual(progress.soFar().happenings, [
    { text: "contract-1: completed, 2 of 3 answers in Camunda", tone: "odd" },
    { text: "contract-2: completed", tone: "good" },
  ]);
});

Deno.test("a task that failed or is no longer wanted is told", () => {
  const progress = newProgress();
  follow(progress, ["failed", "1 Approve 1"], ["withdrawn", "2 Approve 1"]);
  assert.deepEqual(textsOf(progress), [
    "contract-1: Approve failed, an incident waits in Camunda",
    "contract-2: Approve is no longer wanted",
  ]);
});

Deno.test("only the latest happenings are kept", () => {
  const progress = newProgress();
  for (let number = 1; number <= 30; number++) follow(progress, ["created", `${number} Prepare 1`]);
  assert.equal(textsOf(progress).length, 10);
  assert.equal(textsOf(progress).at(-1), "contract-30: Prepare waits for a person");
});

Deno.test("an event about a task that the engine does not know is counted and not told", () => {
  const progress = newProgress();
  follow(progress, ["created", "stranger"]);
  assert.equal(progress.soFar().tasks.created, 1);
  assert.deepEqual(textsOf(progress), []);
});
