import assert from "node:assert/strict";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";

Deno.test("figures are rendered under their own names, without labels nobody asked for", async () => {
  const { meter, render } = createMetrics("exchanger-worker", "1.2.3");
  meter.createCounter("exchanger_tasks_published", { description: "Tasks handed over" }).add(3, {
    system: "1c",
    outcome: 'a "b"\n',
  });
  meter.createHistogram("exchanger_poll_seconds", { advice: { explicitBucketBoundaries: [1, 5] } }).record(2);
  const text = await render();
  assert.match(text, /^# HELP exchanger_tasks_published_total Tasks handed over$/m);
  assert.match(text, /^# TYPE exchanger_tasks_published_total counter$/m);
  assert.match(text, /^exchanger_tasks_published_total\{system="1c",outcome="a \\"b\\"\\n"\} 3$/m);
  assert.match(text, /^exchanger_poll_seconds_bucket\{le="5"\} 1$/m);
  assert.doesNotMatch(text, /otel_scope|target_info/);
});

Deno.test("the process tells its memory, its start and its build", async () => {
  const text = await createMetrics("exchanger-worker", "1.2.3").render();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  assert.ok(figure("exchanger_process_resident_memory_bytes") > 1e6);
  assert.ok(figure("exchanger_process_heap_used_bytes") > 1e5);
  assert.ok(Math.abs(figure("exchanger_process_start_time_seconds") - Date.now() / 1000) < 600);
  assert.match(text, /^exchanger_build_info\{service="exchanger-worker",version="1\.2\.3",deno="[\d.]+"\} 1$/m);
});

Deno.test("two programs in one process keep their figures apart", async () => {
  const [one, other] = [createMetrics("exchanger-worker", "1"), createMetrics("exchanger-creator", "1")];
  one.meter.createCounter("exchanger_tasks_published").add(1);
  assert.doesNotMatch(await other.render(), /tasks_published/);
});
