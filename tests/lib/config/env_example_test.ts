import assert from "node:assert/strict";
import { parse } from "dotenv";
import { envExample } from "../../../lib/config/env_example.ts";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { text } from "../../../lib/config/schemas.ts";
import type { SettingsTable } from "../../../lib/config/setting.ts";

const rooms = {
  HOST: { schema: text, doc: "Where it is.", example: "it's #1" },
  TOKEN: { schema: text, doc: "How to get in.", example: "change-me", secret: true },
  LEVEL: { schema: text, doc: "How loud.", example: "debug", default: "info", aliases: ["OLD_LEVEL"] },
  CA_FILE: { schema: text, doc: `Whom to trust. ${"Words ".repeat(40)}`, example: "/ca.pem", optional: true },
} as const satisfies SettingsTable;

const rendered = envExample([{ title: "One", table: rooms }, { title: "Two", table: { HOST: rooms.HOST } }]);

Deno.test("the example is a file that starts the program once its values are true", () => {
  const { settings, warnings } = readSettings(rooms, parse(rendered));
  assert.deepEqual({ ...settings }, { HOST: "it's #1", TOKEN: "change-me", LEVEL: "info", CA_FILE: undefined });
  assert.deepEqual(warnings, []);
});

Deno.test("required settings are ready to fill in, the others commented out with their default or an example", () => {
  assert.match(rendered, /^HOST=/m);
  assert.match(rendered, /^#LEVEL=info$/m);
  assert.match(rendered, /^#CA_FILE=\/ca\.pem$/m);
});

Deno.test("a setting says what it does, where its secret can be kept and what else it is called", () => {
  assert.match(rendered, /# How to get in\. Secret: can be kept in a file, named by TOKEN_FILE\.\nTOKEN=/);
  assert.match(rendered, /# How loud\. Also read as OLD_LEVEL\.\n/);
  assert.ok(rendered.split("\n").every((line) => line.length <= 120));
});

Deno.test("a setting that two rooms share appears once", () => {
  assert.equal(rendered.match(/^HOST=/gm)?.length, 1);
});
