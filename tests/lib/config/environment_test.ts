import assert from "node:assert/strict";
import { loadEnvironment } from "../../../lib/config/environment.ts";

function load(processEnvironment: Record<string, string>, files: Record<string, string>, envFile?: string) {
  return loadEnvironment({
    envFile,
    processEnvironment,
    readTextFile(path) {
      const content = files[path];
      if (content === undefined) throw new Deno.errors.NotFound();
      return content;
    },
  });
}

Deno.test("the process environment wins over the file", () => {
  const { values, origins } = load({ LOG_LEVEL: "debug" }, {
    ".env": "LOG_LEVEL=info\nRABBITMQ_HOST='rmq' # comment\n",
  });
  assert.deepEqual(values, { LOG_LEVEL: "debug", RABBITMQ_HOST: "rmq" });
  assert.deepEqual(origins, { RABBITMQ_HOST: ".env" });
});

Deno.test("EXCHANGER_ENV chooses the file, and only that one is read", () => {
  const files = { ".env": "A_NAME=plain", ".env.prod": "A_NAME=prod", ".env.dev": "A_NAME=dev" };
  assert.equal(load({}, files).values["A_NAME"], "plain");
  assert.equal(load({ EXCHANGER_ENV: "PROD" }, files).values["A_NAME"], "prod");
  assert.equal(load({ EXCHANGER_ENV: "dev" }, files).values["A_NAME"], "dev");
  assert.equal(load({ EXCHANGER_ENV: "dev" }, { ".env": "A_NAME=plain" }).values["A_NAME"], undefined);
});

Deno.test("another EXCHANGER_ENV is a fault", () => {
  const { faults } = load({ EXCHANGER_ENV: "staging" }, {});
  assert.deepEqual(faults.map((fault) => fault.name), ["EXCHANGER_ENV"]);
});

Deno.test("a missing .env is no fault, and is told", () => {
  const { faults, sources } = load({ EXCHANGER_ENV: "prod" }, {});
  assert.deepEqual(faults, []);
  assert.equal(sources, "process environment; there is no .env.prod");
});

Deno.test("--env-file replaces the other files and must exist", () => {
  assert.equal(
    load({ EXCHANGER_ENV: "prod" }, { ".env.prod": "A_NAME=1", "x.env": "A_NAME=2" }, "x.env").values["A_NAME"],
    "2",
  );
  assert.deepEqual(load({}, {}, "x.env").faults.map(({ name, problem }) => `${name} ${problem}`), [
    "--env-file x.env does not exist",
  ]);
});

Deno.test("a file written by a Windows editor reads like any other", () => {
  assert.deepEqual(load({}, { ".env": "\uFEFFA_NAME=1\r\nB_NAME=2\r\n" }).values, { A_NAME: "1", B_NAME: "2" });
});
