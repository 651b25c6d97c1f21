import assert from "node:assert/strict";
import { checkRights } from "../../../adapters/bitrix24/rights_check.ts";
import type { Json } from "../../../lib/messages/json.ts";

const check = (result: Json) => checkRights({ ok: true, result });

Deno.test("a webhook without the right for tasks is of no use", () => {
  const { ok, remedy } = check(["user", "disk"]);
  assert.equal(ok, false);
  assert.ok(remedy);
});

Deno.test("of the other rights it is told what is lost without them", () => {
  assert.deepEqual(check(["task", "user_basic", "disk", "lists", "crm"]).detail, "the webhook has all it can use");
  const { ok, detail } = check(["tasks", "user"]);
  assert.ok(ok);
  assert.match(detail, /without disk files .*; without lists .*; without crm /);
  assert.doesNotMatch(detail, /without user/);
});

Deno.test("a portal that does not tell is not in the way", () => {
  assert.ok(check(null).ok);
  assert.ok(checkRights(undefined).ok);
});
