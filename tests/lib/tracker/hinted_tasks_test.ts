import assert from "node:assert/strict";
import { bitrixWebhook } from "../../../adapters/bitrix24/webhook.ts";
import type { Progress } from "../../../adapters/target_system.ts";
import type { SentMessage } from "../../../lib/messages/sent_message.ts";
import { TaskTurns } from "../../../lib/program/task_turns.ts";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import { HintedTasks } from "../../../lib/tracker/hinted_tasks.ts";
import { HintLine } from "../../../lib/tracker/hint_line.ts";
import { sent } from "../../adapters/bitrix24/messages.ts";
import { eventually } from "../amqp/eventually.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { KnownTasks } from "../creator/scripted_system.ts";

Deno.test("of a flood of hints 5,000 are followed, 500 at a time, and the others are left to their ticks", async () => {
  const metrics = createMetrics("test", "0");
  const line = new HintLine("bitrix24", metrics.meter);
  const looks: number[] = [];
  const stop = new AbortController();
  const hinted = new HintedTasks({
    adapter: {
      name: "bitrix24",
      track(messages: readonly SentMessage[]) {
        looks.push(messages.length);
        return Promise.resolve(messages.map((): Progress => ({ kind: "open" })));
      },
    },
    webhook: bitrixWebhook(() => []),
    camunda: new KnownTasks(),
    line,
    turns: new TaskTurns(),
    clock: systemClock,
    log: new RecordedLog(),
    answer: () => Promise.reject(new Error("nothing is done")),
  }, { signal: stop.signal, force: new AbortController().signal });
  const ids = Array.from({ length: 5_003 }, (_, index) => String(index + 1));
  for (const id of ids) hinted.keep(sent(`t-${id}`, id));
  line.give(ids);
  await eventually(() => looks.length === 10, "all looks");
  stop.abort();
  await hinted.ended();
  assert.deepEqual(looks, Array(10).fill(500));
  const figures = await metrics.render();
  assert.match(figures, /^exchanger_hints_total\{[^}]*outcome="open"[^}]*\} 5000$/m);
  assert.match(figures, /^exchanger_hints_total\{[^}]*outcome="dropped"[^}]*\} 3$/m);
});
