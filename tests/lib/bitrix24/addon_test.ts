import assert from "node:assert/strict";
import { readAddonAnswer } from "../../../lib/bitrix24/addon.ts";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";

Deno.test("the add-on's data is told from its word that there is none", () => {
  assert.deepEqual(readAddonAnswer({ success: true, data: { a: 1 } }), { ok: true, data: { a: 1 } });
  assert.deepEqual(readAddonAnswer({ success: 1 }), { ok: true, data: null });
  assert.deepEqual(readAddonAnswer({ success: false, error: "Template not found" }), {
    ok: false,
    reason: "Template not found",
  });
});

Deno.test("a failure of the add-on is not its word that there is nothing", () => {
  for (const result of [{ success: false, error: "Internal server error: x" }, [], "<b>error</b>", null]) {
    assert.throws(
      () => readAddonAnswer(result),
      (error) => error instanceof Bitrix24Error && error.failure === "fault",
    );
  }
});
