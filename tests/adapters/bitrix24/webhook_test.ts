import assert from "node:assert/strict";
import { bitrixWebhook } from "../../../adapters/bitrix24/webhook.ts";
import type { WebhookHint } from "../../../adapters/target_system.ts";
import { encodePhpQuery } from "../../../lib/bitrix24/php_query.ts";
import type { JsonObject } from "../../../lib/messages/json.ts";
import { sent } from "./messages.ts";

const TOKEN = "3wcdb9mzz8nl1v2h5xkq7tfr6y0pa4us";

function read(body: string | Uint8Array, tokens: readonly string[] = [TOKEN]): WebhookHint {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return bitrixWebhook(() => tokens).read({ headers: new Headers(), body: bytes });
}

function call(event: string, before: JsonObject | string, after: JsonObject | string, token = TOKEN): string {
  return encodePhpQuery({
    event,
    event_handler_id: "1",
    data: { FIELDS_BEFORE: before, FIELDS_AFTER: after, IS_ACCESSIBLE_AFTER: "undefined" },
    ts: 1_764_128_000,
    auth: { domain: "portal.example", member_id: "0123456789abcdef", application_token: token },
  });
}

Deno.test("added, changed and deleted tasks are named, whichever side of the event has their id", () => {
  const id = { ID: 4711 };
  const hint = { kind: "hint", ids: ["4711"] };
  assert.deepEqual(read(call("ONTASKADD", "undefined", id)), hint);
  assert.deepEqual(read(call("ONTASKUPDATE", id, id)), hint);
  assert.deepEqual(read(call("ONTASKDELETE", id, "undefined")), hint);
  assert.deepEqual(read(call("OnTaskUpdate", id, id)), hint);
});

Deno.test("an event about something else is nobody's affair", () => {
  const comment = { ID: 0, TASK_ID: 4711, MESSAGE_ID: 5 };
  assert.deepEqual(read(call("ONTASKCOMMENTADD", "undefined", comment)), { kind: "ignored" });
  assert.deepEqual(read(call("ONCRMDEALADD", "undefined", { ID: 1 })), { kind: "ignored" });
});

Deno.test("a wrong, a missing or an almost right token is refused, whatever else the call says", () => {
  const id = { ID: 4711 };
  const wrong = ["", "x", TOKEN.slice(1), `${TOKEN}0`, TOKEN.toUpperCase(), TOKEN.replace("s", "z"), `${TOKEN},`];
  for (const token of wrong) {
    const hint = read(call("ONTASKUPDATE", id, id, token));
    assert.equal(hint.kind === "refused" && hint.status, 403, token);
    assert.doesNotMatch(JSON.stringify(hint), new RegExp(TOKEN.slice(2, -2), "i"), "nothing of a token is told");
  }
  const withoutAuth = encodePhpQuery({ event: "ONTASKUPDATE", data: { FIELDS_AFTER: id } });
  assert.equal(read(withoutAuth).kind, "refused");
  assert.equal(read(call("ONTASKUPDATE", id, id), []).kind, "refused", "no token is known");
});

Deno.test("each of several outgoing webhooks has its token, and a new one counts at once", () => {
  const tokens = ["first", "second"];
  const webhook = bitrixWebhook(() => tokens);
  const kindFor = (token: string) => {
    const body = new TextEncoder().encode(call("ONTASKUPDATE", { ID: 1 }, { ID: 1 }, token));
    return webhook.read({ headers: new Headers(), body }).kind;
  };
  assert.deepEqual(["first", "second", "third", "first,second"].map(kindFor), ["hint", "hint", "refused", "refused"]);
  tokens.splice(0, 1, "third");
  assert.deepEqual(["first", "third"].map(kindFor), ["refused", "hint"]);
});

Deno.test("calls that make no sense are refused", () => {
  const auth = { auth: { application_token: TOKEN } };
  const update = { event: "ONTASKUPDATE", ...auth };
  const senseless = [
    encodePhpQuery(auth),
    encodePhpQuery(update),
    ...["", "undefined", "0", "-1", "1.5", "1 OR 1=1", "../1", "9".repeat(40)].map((ID) =>
      encodePhpQuery({ ...update, data: { FIELDS_AFTER: { ID } } })
    ),
  ];
  for (const body of senseless) {
    const hint = read(body);
    assert.equal(hint.kind === "refused" && hint.status, 400, body);
  }
  const garbage = ["", "%%%", "{}", "<xml/>", "[]=&[=]", new Uint8Array([0xff, 0xfe, 0x00, 0x3d])];
  for (const body of garbage) assert.equal(read(body).kind, "refused");
});

Deno.test("an object is found by the portal's task id, and no more of the portal's answer is kept than that", () => {
  const { objectOf } = bitrixWebhook(() => []);
  const message = sent("ext-1", "4711");
  const fat = { ...message, response_data: { result: { task: { id: 4711, description: "x".repeat(10_000) } } } };
  assert.deepEqual(objectOf(fat), { id: "4711", responseData: { result: { task: { id: "4711" } } } });
  assert.equal(objectOf({ ...message, response_data: {} }), undefined);
});
