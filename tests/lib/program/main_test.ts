import assert from "node:assert/strict";
import { eventually } from "../amqp/eventually.ts";
import { type SmallOptions, SmallProcess, token } from "./small_process.ts";

async function finished(options: SmallOptions) {
  await using small = await SmallProcess.start(options);
  const code = await small.ended();
  return { code, stdout: small.stdout, stderr: small.stderr, lines: () => small.lines };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function assertNoSecret(small: { readonly stdout: string; readonly stderr: string }) {
  assert.doesNotMatch(small.stdout + small.stderr, /sesame|42%|%2F42/);
}

Deno.test("--help leads to examples and exit codes, --version says the version", async () => {
  const help = await finished({ args: ["--help"] });
  assert.equal(help.code, 0);
  assert.match(help.stdout, /Usage: exchanger-small \[options\] \[command\]/);
  assert.match(help.stdout, /Examples:\n {2}exchanger-small check {2}# looks around/);
  const version = await finished({ args: ["-V"] });
  assert.match(version.stdout, /^exchanger-small \d+\.\d+\.\d+\n$/);
});

Deno.test("a wrong command line is answered on standard error with exit code 2", async () => {
  const { code, stdout, stderr } = await finished({ args: ["--setings"] });
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /unknown option '--setings'[^]*Did you mean --settings\?/);
});

Deno.test("all faulty settings are reported at once with exit code 3", async () => {
  const environment = { SMALL_TOKEN: "", SMALL_LIMIT: "lots", LOG_LEVEL: "loud", SMALL_MDOE: "slow" };
  const { code, stdout, stderr } = await finished({ environment });
  assert.deepEqual([code, stdout], [3, ""]);
  assert.match(stderr, /3 faults/);
  for (const name of ["SMALL_TOKEN=change-me", "SMALL_LIMIT=3", "LOG_LEVEL=debug"]) {
    assert.ok(stderr.includes(name), name);
  }
  assert.match(stderr, /Read: process environment; there is no \.env\./);
  assert.match(stderr, /! SMALL_MDOE is not a setting\. Did you mean SMALL_MODE\?/);
});

Deno.test("faults between settings are reported the same way", async () => {
  const { code, stderr } = await finished({ environment: { SMALL_MODE: "once", SMALL_LIMIT: "6" } });
  assert.equal(code, 3);
  assert.match(stderr, /SMALL_LIMIT must be at most 5 when SMALL_MODE is once/);
});

Deno.test("--settings prints values and origins, secrets masked, and tells unknown names apart", async () => {
  const result = await finished({
    args: ["--settings"],
    environment: { EXCHANGER_ENV: "prod", SMALL_MDOE: "slow", BITRIX_WEBHOOK_URL: "https://portal/rest/1/x/" },
    files: { ".env.prod": "SMALL_LIMIT=4\nSMALL_TOKEN=from-the-file\n", ".env": "SMALL_LIMIT=5\n" },
  });
  assert.equal(result.code, 0);
  assert.match(result.stdout, /^SMALL_LIMIT=4 +# \.env\.prod$/m);
  assert.match(result.stdout, /^SMALL_TOKEN=\*\*\* +# environment$/m);
  assert.match(result.stdout, /^SMALL_MODE=idle +# default$/m);
  assert.equal(result.stderr, "! SMALL_MDOE is not a setting. Did you mean SMALL_MODE?\n");
  assertNoSecret(result);
});

Deno.test("--settings with faults reports them with exit code 3", async () => {
  const { code, stderr } = await finished({ args: ["--settings"], environment: { SMALL_LIMIT: "0" } });
  assert.equal(code, 3);
  assert.match(stderr, /SMALL_LIMIT must be a whole number from 1 to 9, not "0"/);
});

Deno.test("--env-file must exist", async () => {
  const { code, stderr } = await finished({ args: ["--env-file", "missing.env"] });
  assert.equal(code, 3);
  assert.match(stderr, /--env-file missing\.env does not exist/);
});

Deno.test("check prints a line per look and ends with 0 when all is well", async () => {
  const result = await finished({ args: ["check"] });
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /^✓ Small: token: \*\*\* is accepted$/m);
  assert.match(result.stdout, /^✓ Small: portal: answers$/m);
});

Deno.test("check says what is down and what to do, and ends with 4", async () => {
  const result = await finished({ args: ["check"], environment: { SMALL_MODE: "down" } });
  assert.equal(result.code, 4);
  assert.match(result.stdout, /^✗ Small: portal: connection refused\n {4}→ Start the portal$/m);
});

Deno.test("check --json prints one object", async () => {
  const result = await finished({ args: ["check", "--json"], environment: { SMALL_MODE: "down" } });
  const report = JSON.parse(result.stdout);
  assert.equal(report.ok, false);
  assert.deepEqual(report.results.at(-1), {
    name: "Small: portal",
    ok: false,
    detail: "connection refused",
    remedy: "Start the portal",
  });
  assertNoSecret(result);
});

Deno.test("a run that comes to its end exits with 0, a failing one with 1, one without its dependency with 4", async () => {
  const codes = ["once", "fail", "down"].map(async (mode) => {
    const result = await finished({ environment: { SMALL_MODE: mode } });
    assert.equal(result.lines().at(-1)?.["code"], "program.stopped");
    assertNoSecret(result);
    return result.code;
  });
  assert.deepEqual(await Promise.all(codes), [0, 1, 4]);
});

Deno.test("a rejection nobody handles ends the program in order, with its words filtered", async () => {
  const result = await finished({ environment: { SMALL_MODE: "crash" } });
  assert.equal(result.code, 1);
  assert.equal(result.lines().find((line) => line["code"] === "program.failed")?.["msg"], "Nobody expects ***");
  assert.equal(result.stderr, "");
  assertNoSecret(result);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`an idle program stops at once on ${signal}, with exit code 0`, async () => {
    await using small = await SmallProcess.start();
    await small.logged("small.running");
    const startedMs = performance.now();
    small.signal(signal);
    assert.equal(await small.ended(), 0, small.stderr);
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs < 1_000, `it took ${tookMs} ms`); // 100 ms on a quiet machine
    assert.deepEqual(small.lines.slice(-3).map((line) => line["code"]), [
      "program.stopping",
      "small.token",
      "program.stopped",
    ]);
    assertNoSecret(small);
  });
}

for (const mode of ["slow", "deaf"]) {
  Deno.test(`the second signal forces a ${mode} program to end with exit code 1`, async () => {
    await using small = await SmallProcess.start({ environment: { SMALL_MODE: mode } });
    await small.logged("small.running");
    small.signal("SIGTERM");
    await small.logged("program.stopping");
    small.signal("SIGINT");
    assert.equal(await small.ended(), 1);
    const cutOff = small.lines.find((line) => line["code"] === "program.cut_off");
    assert.match(String(cutOff?.["msg"]), /SIGINT again/);
  });
}

Deno.test("the drain time-out ends a program that does not finish its work", async () => {
  await using small = await SmallProcess.start({
    environment: { SMALL_MODE: "slow", EXCHANGER_DRAIN_TIMEOUT_SECONDS: "0.2" },
  });
  await small.logged("small.running");
  small.signal("SIGTERM");
  assert.equal(await small.ended(), 1);
  assert.match(small.stdout, /EXCHANGER_DRAIN_TIMEOUT_SECONDS/);
});

Deno.test("SIGHUP reads secret files again; the old secret and the new one stay hidden", async () => {
  await using small = await SmallProcess.start({
    environment: { SMALL_TOKEN: "", SMALL_TOKEN_FILE: "./token" },
    files: { token: `${token}\n` },
  });
  await small.logged("small.running");
  await Deno.writeTextFile(`${small.folder}/token`, `${token}-renewed\n`);
  small.signal("SIGHUP");
  await small.logged("program.secrets_read");
  small.signal("SIGTERM");
  assert.equal(await small.ended(), 0);
  assert.ok(small.stdout.includes(`${token.length + "-renewed".length} letters long`));
  assert.ok(small.stdout.includes("Changed: SMALL_TOKEN"));
  assertNoSecret(small);
});

Deno.test("the health port answers for a program that is well", async () => {
  const port = freePort();
  await using small = await SmallProcess.start({ environment: { HEALTH_PORT: String(port) } });
  await small.logged("small.running");
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

  const health = await get("/healthz");
  assert.deepEqual([health.status, await health.json()], [200, { alive: true, reasons: [] }]);
  const ready = await get("/readyz");
  assert.deepEqual([ready.status, await ready.json()], [200, { ready: true, reasons: [] }]);
  const metrics = await get("/metrics");
  assert.match(metrics.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  const figures = await metrics.text();
  assert.match(figures, /^exchanger_build_info\{service="exchanger-small"/m);
  assert.match(figures, /^exchanger_ready 1$/m);

  small.signal("SIGTERM");
  assert.equal(await small.ended(), 0);
});

Deno.test("a loop that stands still fails /healthz, and /readyz tells the reasons without secrets", async () => {
  const port = freePort();
  const environment = { SMALL_MODE: "stuck", HEALTH_PORT: String(port), EXCHANGER_STALL_LIMIT_SECONDS: "1" };
  await using small = await SmallProcess.start({ environment });
  await small.logged("small.running");
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  await eventually(async () => (await get("/healthz")).status === 503, "/healthz fails");
  assert.match((await get("/healthz")).body, /"alive":false,"reasons":\["consumer has not moved for 1 s"\]/);
  const ready = await get("/readyz");
  assert.equal(ready.status, 503);
  assert.match(ready.body, /"portal: refuses \*\*\*"/);
});

Deno.test("a taken health port is a fault of settings that says so", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { code, stderr } = await finished({ environment: { HEALTH_PORT: String(listener.addr.port) } });
  assert.equal(code, 3);
  assert.match(stderr, /HEALTH_PORT \d+ on 127\.0\.0\.1 is taken by another program/);
});

Deno.test("unknown settings are told in the log once, and do not keep the program from starting", async () => {
  const { lines } = await finished({ environment: { SMALL_MODE: "once", SMALL_LIMT: "3" } });
  const told = lines().filter((line) => line["code"] === "program.setting_ignored");
  assert.deepEqual(told.map((line) => line["msg"]), ["SMALL_LIMT is not a setting. Did you mean SMALL_LIMIT?"]);
});
