import assert from "node:assert/strict";
import fc from "fast-check";
import { SecretFilter } from "../../../lib/telemetry/secret_filter.ts";

const secret = fc.string({ minLength: 6, maxLength: 40, unit: "grapheme" });

Deno.test("a secret is hidden in every form in which it can turn up in a line", () => {
  fc.assert(fc.property(secret, (secret) => {
    const filter = new SecretFilter([secret]);
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(JSON.stringify(secret)).slice(3, -3),
      new URLSearchParams({ q: secret }).toString().slice(2),
    ];
    for (const form of forms) {
      assert.equal(filter.hide(`<${form}>`), "<***>");
      assert.deepEqual(JSON.parse(filter.hideInJson({ msg: `<${form}>` })), { msg: "<***>" });
    }
  }));
});

Deno.test("a filtered JSON line is still JSON and has no secret in it, be it text or a number", () => {
  fc.assert(fc.property(fc.oneof(secret, fc.nat({ max: 1e9 }).map((number) => String(number + 1000))), (secret) => {
    const line = new SecretFilter([secret]).hideInJson({
      msg: `before ${secret} after`,
      same: Number(secret),
      near: Number(`-${secret}1.5`),
    });
    const { msg, same }: { msg: string; same: unknown } = JSON.parse(line);
    assert.equal(msg, "before *** after");
    assert.notEqual(String(same), secret);
  }));
});

Deno.test("of a secret URL the path alone and the token alone are hidden too", () => {
  const filter = new SecretFilter(["https://portal.example.org/rest/1/abcdefgh12345678/"]);
  assert.equal(filter.hide("https://portal.example.org/rest/1/abcdefgh12345678/task.add"), "***task.add");
  assert.equal(filter.hide("POST https://portal.example.org/rest/1/abcdefgh12345678 failed"), "POST *** failed");
  assert.equal(filter.hide("GET /rest/1/abcdefgh12345678/task.add"), "GET ***task.add");
  assert.equal(filter.hide("token=abcdefgh12345678"), "token=***");
  assert.equal(
    filter.hide("https://portal.example.org/company/ is fine"),
    "https://portal.example.org/company/ is fine",
  );
});

Deno.test("a secret that contains another is hidden whole", () => {
  assert.equal(new SecretFilter(["sesame", "open-sesame-now"]).hide("open-sesame-now"), "***");
});

Deno.test("a text too short to be a secret does not blot out the line", () => {
  assert.equal(new SecretFilter(["a", ""]).hide("a banana"), "a banana");
});

Deno.test("replaced secrets are hidden from then on", () => {
  const filter = new SecretFilter(["first-secret"]);
  filter.replaceSecrets(["second-secret"]);
  assert.equal(filter.hide("second-secret"), "***");
});
