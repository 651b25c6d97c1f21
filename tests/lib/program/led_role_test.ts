import assert from "node:assert/strict";
import { Health } from "../../../lib/program/health.ts";
import { runLed } from "../../../lib/program/led_role.ts";
import { aborted, systemClock } from "../../../lib/time/clock.ts";
import { embeddedWith } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

Deno.test("one program leads, the other takes over after its pause, and a lost connection ends the lead at once", async () => {
  await using owned = await embeddedWith([]);
  const started: string[] = [];
  const ended: string[] = [];
  const stops = new Map<string, AbortController>();
  const connections = new Map<string, { close(): Promise<void> }>();

  const pauseMs = (tookOver: boolean) => Promise.resolve(tookOver ? 100 : 0);
  function program(name: string): Promise<void> {
    const stop = new AbortController();
    stops.set(name, stop);
    const broker = owned.broker.connection(name);
    connections.set(name, broker);
    const options = { role: "creator", system: "bitrix24", pauseMs } as const;
    const signals = { signal: stop.signal, force: new AbortController().signal };
    const deps = { broker, clock: systemClock, log: new RecordedLog(), health: new Health(), ...signals };
    return runLed(options, deps, ({ signal }) => {
      started.push(`${name} at ${performance.now()}`);
      return {
        problem: undefined,
        async ended() {
          await aborted(signal);
          ended.push(name);
        },
      };
    });
  }

  const first = program("first");
  await eventually(() => started.length === 1, "the first leads");
  const second = program("second");
  const lostAt = performance.now();
  await connections.get("first")?.close();
  await eventually(() => ended.includes("first"), "the first stops when its connection is gone");
  await eventually(() => started.length === 2, "the second takes over");
  const [, at] = started[1]?.split(" at ") ?? [];
  assert.match(started[1] ?? "", /^second/);
  assert.ok(Number(at) - lostAt >= 100, "nothing is created before the pause is over");

  for (const stop of stops.values()) stop.abort();
  await Promise.all([first, second]);
  assert.ok(ended.includes("second"));
});
