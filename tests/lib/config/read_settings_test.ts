import assert from "node:assert/strict";
import { requireSettings, SettingsError } from "../../../lib/config/require_settings.ts";
import { partOf, readSettings } from "../../../lib/config/read_settings.ts";
import { integer, text, url } from "../../../lib/config/schemas.ts";
import type { SettingsTable } from "../../../lib/config/setting.ts";

const table = {
  CAMUNDA_BASE_URL: {
    schema: url({ protocols: ["http:", "https:"] }),
    doc: "Root.",
    example: "http://localhost:8080/engine-rest",
  },
  CAMUNDA_MAX_TASKS: { schema: integer({ min: 1, max: 100 }), doc: "Tasks.", example: "20", default: "10" },
  CAMUNDA_TENANT_ID: { schema: text, doc: "Tenant.", example: "prod", optional: true },
  CAMUNDA_AUTH_PASSWORD: { schema: text, doc: "Password.", example: "change-me", secret: true },
  RABBITMQ_TASKS_EXCHANGE: {
    schema: text,
    doc: "Exchange.",
    example: "tasks",
    default: "camunda.external.tasks",
    aliases: ["RABBITMQ_TASKS_EXCHANGE_NAME"],
  },
} as const satisfies SettingsTable;

const valid = { CAMUNDA_BASE_URL: "http://camunda/engine-rest", CAMUNDA_AUTH_PASSWORD: "hunter2" };

function filesOf(files: Record<string, string>) {
  return (path: string) => {
    const content = files[path];
    if (content === undefined) throw new Deno.errors.NotFound(path);
    return content;
  };
}

Deno.test("values, defaults and absent optional settings are read under their names", () => {
  const settings = requireSettings(table, { ...valid, CAMUNDA_MAX_TASKS: "25" });
  assert.equal(settings.CAMUNDA_MAX_TASKS, 25);
  assert.equal(settings.RABBITMQ_TASKS_EXCHANGE, "camunda.external.tasks");
  assert.equal(settings.CAMUNDA_TENANT_ID, undefined);
});

Deno.test("all faults are found at once, each with a name, a problem and an example", () => {
  const { settings, faults } = readSettings(table, { CAMUNDA_BASE_URL: "camunda", CAMUNDA_MAX_TASKS: "many" });
  assert.equal(settings, undefined);
  assert.deepEqual(faults, [
    {
      name: "CAMUNDA_BASE_URL",
      problem: 'must be a URL that begins with http:// or https://, not "camunda"',
      example: "http://localhost:8080/engine-rest",
    },
    { name: "CAMUNDA_MAX_TASKS", problem: 'must be a whole number from 1 to 100, not "many"', example: "20" },
    { name: "CAMUNDA_AUTH_PASSWORD", problem: "is not set", example: "change-me" },
  ]);
});

Deno.test("an empty text counts as absent", () => {
  const { settings, faults } = readSettings(table, { ...valid, CAMUNDA_MAX_TASKS: "", CAMUNDA_BASE_URL: "" });
  assert.equal(settings, undefined);
  assert.deepEqual(faults.map((fault) => [fault.name, fault.problem]), [["CAMUNDA_BASE_URL", "is not set"]]);
});

Deno.test("an alias is read, and told when the documented name says something else", () => {
  const alone = readSettings(table, { ...valid, RABBITMQ_TASKS_EXCHANGE_NAME: "old" });
  assert.equal(alone.settings?.RABBITMQ_TASKS_EXCHANGE, "old");
  assert.equal(alone.found.get("RABBITMQ_TASKS_EXCHANGE")?.origin, "environment as RABBITMQ_TASKS_EXCHANGE_NAME");
  assert.deepEqual(alone.warnings, []);

  const both = readSettings(table, { ...valid, RABBITMQ_TASKS_EXCHANGE: "new", RABBITMQ_TASKS_EXCHANGE_NAME: "old" });
  assert.equal(both.settings?.RABBITMQ_TASKS_EXCHANGE, "new");
  assert.deepEqual(both.warnings.map((warning) => warning.name), ["RABBITMQ_TASKS_EXCHANGE_NAME"]);
});

Deno.test("a secret is read from its file without the newline at the end", () => {
  const { CAMUNDA_AUTH_PASSWORD: _, ...rest } = valid;
  const readTextFile = filesOf({ "/run/secrets/camunda": " hunter2 \r\n" });
  const reading = readSettings(table, { ...rest, CAMUNDA_AUTH_PASSWORD_FILE: "/run/secrets/camunda" }, {
    readTextFile,
  });
  assert.equal(reading.settings?.CAMUNDA_AUTH_PASSWORD, " hunter2 ");
  assert.deepEqual(reading.warnings, []);
});

Deno.test("a secret that is set and also has a file is a fault", () => {
  const { faults } = readSettings(table, { ...valid, CAMUNDA_AUTH_PASSWORD_FILE: "/run/secrets/camunda" });
  assert.deepEqual(faults.map((fault) => fault.problem), [
    "is set, and so is CAMUNDA_AUTH_PASSWORD_FILE: keep one of them",
  ]);
});

Deno.test("a secret file that is missing, empty or forbidden is a fault that says which", () => {
  const { CAMUNDA_AUTH_PASSWORD: _, ...rest } = valid;
  const environment = { ...rest, CAMUNDA_AUTH_PASSWORD_FILE: "/x" };
  const problem = (readTextFile: (path: string) => string) =>
    readSettings(table, environment, { readTextFile }).faults[0]?.problem;
  assert.equal(problem(filesOf({})), "names /x, which does not exist");
  assert.equal(problem(() => "\n"), "names /x, which is empty");
  const forbidden = problem(() => {
    throw new Deno.errors.NotCapable();
  });
  assert.match(forbidden ?? "", /outside the folders this program may read/);
});

Deno.test("a secret put where its file belongs is not shown", () => {
  const environment = { CAMUNDA_BASE_URL: "http://camunda", CAMUNDA_AUTH_PASSWORD_FILE: "hunter2" };
  const { faults } = readSettings(table, environment, { readTextFile: filesOf({}) });
  assert.deepEqual(faults.map((fault) => fault.problem), [
    "names a file (its name is not shown here), which does not exist",
  ]);
});

Deno.test("only secrets have files", () => {
  const { faults } = readSettings(table, { CAMUNDA_AUTH_PASSWORD: "hunter2", CAMUNDA_BASE_URL_FILE: "/x" });
  assert.deepEqual(faults.map((fault) => fault.name), ["CAMUNDA_BASE_URL"]);
});

Deno.test("an unknown name with a known beginning is a warning with the name that was meant", () => {
  const { settings, warnings } = readSettings(table, {
    ...valid,
    CAMUNDA_MAX_TASK: "5",
    CAMUNDA_COLOUR: "red",
    PATH: "/bin",
  });
  assert.ok(settings);
  assert.deepEqual(warnings, [
    { name: "CAMUNDA_MAX_TASK", problem: "is not a setting. Did you mean CAMUNDA_MAX_TASKS?" },
    { name: "CAMUNDA_COLOUR", problem: "is not a setting of Exchanger" },
  ]);
});

Deno.test("a missing setting points to the misspelt one", () => {
  const { faults } = readSettings(table, { CAMUNDA_AUTH_PASSWORD: "hunter2", CAMUNDA_BASEURL: "http://camunda" });
  assert.deepEqual(faults.map((fault) => fault.problem), ["is not set (CAMUNDA_BASEURL is: is it misspelt?)"]);
});

Deno.test("names of other programs, of the predecessor and of Kubernetes are not taken for misspellings", () => {
  const environment = {
    ...valid,
    BITRIX_WEBHOOK_URL_FILE: "/x",
    METRICS_PORT: "8080",
    RABBITMQ_SERVICE_HOST: "10.0.0.1",
    RABBITMQ_PORT_5672_TCP_ADDR: "10.0.0.1",
  };
  const { warnings } = readSettings(table, environment, { knownElsewhere: ["BITRIX_WEBHOOK_URL"] });
  assert.deepEqual(warnings.map((warning) => warning.name), ["METRICS_PORT"]);
  assert.match(warnings[0]?.problem ?? "", /HEALTH_PORT/);
});

Deno.test("no fault shows a secret, not even one that its own schema quotes", () => {
  const chatty = {
    TOKEN: {
      schema: text.refine(() => false, { error: (issue) => `bad: ${issue.input}` }),
      doc: "",
      example: "t",
      secret: true,
    },
    BROKER_URL: { schema: integer(), doc: "", example: "1" },
  } as const satisfies SettingsTable;
  const { faults } = readSettings(chatty, { TOKEN: "hunter2-hunter2", BROKER_URL: "amqp://user:sesame1@host" });
  assert.equal(faults.length, 2);
  assert.doesNotMatch(JSON.stringify(faults), /hunter2|sesame1/);
});

Deno.test("passwords inside URLs are secrets too", () => {
  const reading = readSettings(table, { ...valid, CAMUNDA_BASE_URL: "http://demo:p%40ss@camunda/engine-rest" });
  assert.deepEqual(reading.secrets(), ["p@ss", "hunter2"]);
});

Deno.test("each secret of a list is one by itself", () => {
  const reading = readSettings(table, { ...valid, CAMUNDA_AUTH_PASSWORD: "first-token, second-token" });
  assert.deepEqual(reading.secrets(), ["first-token, second-token", "first-token", "second-token"]);
});

Deno.test("re-reading replaces secrets in place and keeps the old value when a file is gone", () => {
  const { CAMUNDA_AUTH_PASSWORD: _, ...rest } = valid;
  const files: Record<string, string> = { "/x": "first" };
  const reading = readSettings(table, { ...rest, CAMUNDA_AUTH_PASSWORD_FILE: "/x" }, { readTextFile: filesOf(files) });
  const settings = reading.settings;

  files["/x"] = "second\n";
  assert.deepEqual(reading.rereadSecretFiles(), { changed: ["CAMUNDA_AUTH_PASSWORD"], faults: [] });
  assert.equal(settings?.CAMUNDA_AUTH_PASSWORD, "second");
  assert.deepEqual(reading.secrets(), ["second"]);

  delete files["/x"];
  assert.deepEqual(reading.rereadSecretFiles().faults.map((fault) => fault.problem), [
    "names /x, which does not exist",
  ]);
  assert.equal(settings?.CAMUNDA_AUTH_PASSWORD, "second");
});

Deno.test("a room sees its part of a program's settings, and only what was read", () => {
  const { settings } = readSettings(table, valid);
  assert.ok(settings);
  const { CAMUNDA_MAX_TASKS } = table;
  assert.equal(partOf(settings, { CAMUNDA_MAX_TASKS }).CAMUNDA_MAX_TASKS, 10);
  assert.throws(() => partOf(settings, { LOG_LEVEL: CAMUNDA_MAX_TASKS }), /join their table/);
});

Deno.test("requireSettings throws the whole report", () => {
  assert.throws(() => requireSettings(table, {}), (error) => {
    assert.ok(error instanceof SettingsError);
    assert.match(error.message, /2 faults[^]*CAMUNDA_BASE_URL[^]*CAMUNDA_AUTH_PASSWORD/);
    return true;
  });
});
