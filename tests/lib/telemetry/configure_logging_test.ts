import assert from "node:assert/strict";
import { resetSync } from "@logtape/logtape";
import { configureLogging, type LoggingOptions, writeLine } from "../../../lib/telemetry/configure_logging.ts";
import { logOf } from "../../../lib/telemetry/log.ts";

function logging(options: Partial<LoggingOptions> = {}) {
  const lines: string[] = [];
  const configured = configureLogging({
    format: "json",
    level: "info",
    service: "exchanger-test",
    secrets: [],
    colour: false,
    write: (line) => lines.push(line),
    ...options,
  });
  return { lines, ...configured, [Symbol.dispose]: resetSync };
}

Deno.test("a JSON line has its fixed keys first and the fields beside them", () => {
  using log = logging();
  logOf("worker").with({ system: "bitrix24" }).info("worker.published", "Task {handed} over", {
    taskId: "t1",
    attempt: 2,
    gone: undefined,
  });
  const line: Record<string, unknown> = JSON.parse(log.lines[0] ?? "");
  assert.match(String(line["time"]), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual({ ...line, time: 0 }, {
    time: 0,
    level: "info",
    msg: "Task {handed} over",
    code: "worker.published",
    service: "exchanger-worker",
    system: "bitrix24",
    taskId: "t1",
    attempt: 2,
  });
  assert.deepEqual(Object.keys(line).slice(0, 5), ["time", "level", "msg", "code", "service"]);
});

Deno.test("a field cannot pose as a fixed key", () => {
  using log = logging();
  logOf("worker").warn("worker.odd", "odd", { level: "debug", service: "somebody", time: 0 });
  const line: Record<string, unknown> = JSON.parse(log.lines[0] ?? "");
  assert.equal(line["level"], "warn");
  assert.equal(line["service"], "exchanger-worker");
});

Deno.test("lines below the level are not written", () => {
  using log = logging({ level: "warn" });
  logOf("worker").info("worker.quiet", "quiet");
  logOf("worker").error("worker.loud", "loud");
  assert.deepEqual(log.lines.map((line) => JSON.parse(line).code), ["worker.loud"]);
});

Deno.test("a pretty line is one line, whatever is in the message", () => {
  using log = logging({ format: "pretty" });
  logOf("worker").error("worker.failed", "first\n\x1b[31msecond", { reason: "two words", taskId: "t1" });
  assert.match(
    log.lines[0] ?? "",
    /^\d\d:\d\d:\d\d\.\d{3} error first\\n\\u001b\[31msecond worker\.failed reason="two words" taskId=t1$/,
  );
});

Deno.test("colour is only used when asked for", () => {
  using log = logging({ format: "pretty", colour: true });
  logOf("worker").info("worker.started", "started");
  assert.ok(log.lines[0]?.includes("\x1b[32minfo"));
});

Deno.test("secrets are in no line, also those added later", () => {
  using log = logging({ secrets: ["hunter2-first"] });
  log.addSecrets(["hunter2-second"]);
  logOf("worker").error("worker.failed", "hunter2-first", { url: `https://x/${encodeURIComponent("hunter2-second")}` });
  assert.doesNotMatch(log.lines.join(), /hunter2/);
  assert.equal(log.hideSecrets("was hunter2-first, is hunter2-second"), "was ***, is ***");
});

Deno.test("a line is written completely even when the stream takes it in pieces", () => {
  const written: number[] = [];
  writeLine({
    writeSync(bytes) {
      const taken = bytes.slice(0, 7);
      written.push(...taken);
      return taken.length;
    },
  }, "a line that is longer than seven bytes — and not ASCII");
  assert.equal(
    new TextDecoder().decode(new Uint8Array(written)),
    "a line that is longer than seven bytes — and not ASCII\n",
  );
});
