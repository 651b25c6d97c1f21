import fc from "fast-check";
import assert from "node:assert/strict";
import { narrowPoll, type TryFetch } from "../../../lib/camunda/narrow_poll.ts";
import { lockedTask } from "../../../lib/camunda/types.ts";
import { fetchedTask } from "./camunda_fixture.ts";

/** Queues of task ids by topic; a fetch that would take a task named `rotten…` fails as a whole. */
function engine(queues: Readonly<Record<string, readonly string[]>>) {
  const waiting = new Map(Object.entries(queues).map(([topic, ids]) => [topic, [...ids]]));
  let fetches = 0;
  const tryFetch: TryFetch = (topics, maxTasks) => {
    fetches++;
    const next = topics.flatMap((topic) => (waiting.get(topic) ?? []).map((id) => ({ id, topic }))).slice(0, maxTasks);
    if (next.some(({ id }) => id.startsWith("rotten"))) return Promise.resolve(undefined);
    for (const { id, topic } of next) waiting.set(topic, (waiting.get(topic) ?? []).filter((other) => other !== id));
    return Promise.resolve(next.map(({ id, topic }) => lockedTask.parse(fetchedTask(id, topic))));
  };
  return { tryFetch, fetches: () => fetches };
}

Deno.test("the topic with a rotten task at its head is found and the others are fetched", async () => {
  const { tryFetch } = engine({ a: ["a1"], b: ["b1"], c: ["rotten", "c2"], d: ["d1"], e: [] });
  const { tasks, offenders } = await narrowPoll(["a", "b", "c", "d", "e"], 10, tryFetch);
  assert.deepEqual([tasks.map((task) => task.id), offenders], [["a1", "b1", "d1"], ["c"]]);
});

Deno.test("tasks before the rotten one are fetched, and nothing is blamed before it is first", async () => {
  const { tryFetch } = engine({ a: ["1", "2", "3", "rotten", "5"] });
  const first = await narrowPoll(["a"], 10, tryFetch);
  assert.deepEqual([first.tasks.map((task) => task.id), first.offenders], [["1", "2", "3"], []]);
  assert.deepEqual((await narrowPoll(["a"], 10, tryFetch)).offenders, ["a"]);
});

Deno.test("what was fetched is kept when Camunda goes away in the middle of the search", async () => {
  const { tryFetch } = engine({ a: ["a1"], b: ["rotten"] });
  const { tasks } = await narrowPoll(["a", "b"], 10, (topics, most) => {
    if (topics.includes("b")) throw new Error("gone");
    return tryFetch(topics, most);
  });
  assert.deepEqual(tasks.map((task) => task.id), ["a1"]);
  await assert.rejects(narrowPoll(["a", "b"], 10, () => Promise.reject(new Error("gone"))), /gone/);
});

Deno.test("no task is fetched twice or beyond the limit, no sound topic is blamed, every search gets on", async () => {
  const queue = fc.array(fc.constantFrom("sound", "sound", "rotten"), { maxLength: 12 });
  const queues = fc.dictionary(fc.stringMatching(/^[a-z]{1,2}$/), queue, { minKeys: 1, maxKeys: 12 });
  await fc.assert(
    fc.asyncProperty(queues, fc.integer({ min: 1, max: 20 }), async (kinds, maxTasks) => {
      const named = Object.fromEntries(
        Object.entries(kinds).map(([topic, tasks]) => [topic, tasks.map((kind, index) => `${kind}-${topic}-${index}`)]),
      );
      const { tryFetch, fetches } = engine(named);
      const topics = Object.keys(named);
      const { tasks, offenders } = await narrowPoll(topics, maxTasks, tryFetch);
      const ids = tasks.map((task) => task.id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.length <= maxTasks);
      for (const topic of offenders) {
        const next = named[topic]?.find((id) => !ids.includes(id));
        assert.match(next ?? "", /^rotten/);
      }
      const rotten = Object.values(named).flat().some((id) => id.startsWith("rotten"));
      assert.ok(!rotten || tasks.length > 0 || offenders.length > 0);
      assert.ok(fetches() <= 2 * topics.length + topics.length * 5);
    }),
  );
});
