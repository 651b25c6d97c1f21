import assert from "node:assert/strict";
import fc from "fast-check";
import { encodePhpQuery } from "../../../lib/bitrix24/php_query.ts";
import type { JsonObject } from "../../../lib/messages/json.ts";
import { parsePhpQuery } from "../../../simulators/bitrix24/php_params.ts";

Deno.test("nested parameters are written with bracketed names, all of it encoded", () => {
  assert.equal(
    decodeURIComponent(encodePhpQuery({ filter: { ID: [7, 8] }, select: ["ID"], start: -1, on: true, off: false })),
    "filter[ID][0]=7&filter[ID][1]=8&select[0]=ID&start=-1&on=1&off=0",
  );
  assert.equal(encodePhpQuery({ t: "a&b=c?d#é" }), "t=a%26b%3Dc%3Fd%23%C3%A9");
});

Deno.test("what PHP reads is what was meant, for any nesting of texts", () => {
  const key = fc.stringMatching(/^[A-Z_a-z!<>=:-][A-Z_a-z0-9]{0,8}$/);
  const { value } = fc.letrec<{ value: JsonObject[string] }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string({ unit: "grapheme" }),
      fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
      fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 3 }),
    ),
  }));
  fc.assert(fc.property(fc.dictionary(key, value), (params) => {
    assert.equal(JSON.stringify(parsePhpQuery(encodePhpQuery(params))), JSON.stringify(params));
  }));
});
