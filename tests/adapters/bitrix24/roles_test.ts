import assert from "node:assert/strict";
import { readRoles } from "../../../adapters/bitrix24/roles.ts";
import { SettingsError } from "../../../lib/config/require_settings.ts";

Deno.test("roles are read from the file that the settings name", async () => {
  assert.equal(readRoles(undefined).size, 0);
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, '{"Бухгалтер": 12, "Юрист": "7"}');
    assert.deepEqual([...readRoles(path)], [["Бухгалтер", 12], ["Юрист", 7]]);
    for (const broken of ["", "[1]x", '{"a": 0}', '{"a": "b"}']) {
      await Deno.writeTextFile(path, broken);
      assert.throws(() => readRoles(path), SettingsError);
    }
  } finally {
    await Deno.remove(path);
  }
  assert.throws(() => readRoles(path), /BITRIX_ROLES_MAPPING_FILE must name a JSON file/);
});
