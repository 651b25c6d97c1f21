import assert from "node:assert/strict";
import fc from "fast-check";
import type { ExternalTask } from "../../../simulators/camunda/runtime.ts";
import { TaskQueue } from "../../../simulators/camunda/task_queue.ts";
import { readBpmn } from "../../../simulators/camunda/bpmn_reader.ts";
import { bpmn, oneTask } from "./contract_bench.ts";

const [model] = readBpmn("p.bpmn", bpmn("p", oneTask("t"))).processes;

/** As much of a task as the queue looks at, around one instance. */
function taskOf(sequence: number, topicName: string, priority: number): ExternalTask {
  const node = model?.body.nodes.get("A");
  assert.ok(model !== undefined && node !== undefined);
  const definition = {
    ...{ id: "d", version: 1, deploymentId: "1", resource: "p.bpmn", xml: "", tenantId: null, model },
    suspension: null,
  };
  const root = {
    id: "i",
    activityInstanceId: "i",
    kind: "process" as const,
    parent: null,
    node: null,
    variables: new Map(),
    children: new Map(),
    joins: new Map(),
    tokens: 1,
    eventSubProcess: null,
  };
  return {
    id: `${sequence}`,
    sequence,
    instance: {
      id: "i",
      definition,
      businessKey: null,
      tenantId: null,
      startedAtMs: 0,
      startActivityId: "s",
      root,
      variables: new Map(),
      tasks: new Map(),
      incidents: new Map(),
      state: "ACTIVE",
      endedAtMs: null,
      deleteReason: null,
    },
    scope: root,
    node,
    topicName,
    priority,
    createdAtMs: 0,
    ended: false,
    workerId: null,
    lockExpiresAtMs: null,
    retries: null,
    errorMessage: null,
    errorDetails: null,
  };
}

const change = fc.record({
  task: fc.nat(29),
  what: fc.constantFrom("lock", "unlock", "end", "fail", "pass") satisfies fc.Arbitrary<string>,
  ms: fc.nat(50),
});

Deno.test("the queue offers what a search through all tasks would, in the same order, whatever has happened", () => {
  fc.assert(fc.property(
    fc.array(fc.record({ topic: fc.constantFrom("a", "b", "c"), priority: fc.nat(2) }), {
      minLength: 30,
      maxLength: 30,
    }),
    fc.array(change, { maxLength: 60 }),
    fc.boolean(),
    fc.constantFrom<"asc" | "desc">("asc", "desc"),
    (kinds, changes, usePriority, order) => {
      const queue = new TaskQueue();
      const tasks = kinds.map(({ topic, priority }, index) => taskOf(index, topic, priority));
      let now = 0;
      for (const task of tasks) queue.refresh(task, now);
      for (const { task: index, what, ms } of changes) {
        const task = tasks[index];
        if (task === undefined) continue;
        if (what === "lock") task.lockExpiresAtMs = now + ms;
        if (what === "unlock") task.lockExpiresAtMs = null;
        if (what === "end") task.ended = true;
        if (what === "fail") task.retries = ms % 2;
        if (what === "pass") now += ms;
        queue.refresh(task, now);
        const direction = order === "asc" ? 1 : -1;
        const expected = tasks.filter((candidate) =>
          candidate.topicName !== "c" && !candidate.ended && candidate.retries !== 0 &&
          (candidate.lockExpiresAtMs ?? 0) <= now
        ).sort((a, b) => (usePriority ? b.priority - a.priority : 0) || direction * (a.sequence - b.sequence));
        const offered = [...queue.fetchable(["a", "b"], usePriority, order, now)];
        assert.deepEqual(offered.map(({ id }) => id), expected.map(({ id }) => id));
      }
    },
  ));
});
