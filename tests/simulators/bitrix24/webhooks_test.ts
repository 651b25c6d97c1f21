import assert from "node:assert/strict";
import { eventually } from "../../lib/amqp/eventually.ts";
import { add, call, openPortal } from "./portal_place.ts";

interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** What arrived, in order. */
  readonly bodies: URLSearchParams[];
}

async function startReceiver(answer: (request: Request) => Promise<Response> | Response): Promise<Receiver> {
  const bodies: URLSearchParams[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    assert.equal(request.headers.get("content-type"), "application/x-www-form-urlencoded");
    bodies.push(new URLSearchParams(await request.text()));
    return await answer(request);
  });
  const url = `http://127.0.0.1:${server.addr.port}/hook`;
  return await Promise.resolve({ url, bodies, [Symbol.asyncDispose]: () => server.shutdown() });
}

const ok = () => new Response();
const eventsOf = ({ bodies }: Receiver) => bodies.map((body) => body.get("event"));

Deno.test("receivers are told of an added, a changed and a deleted task with the vendor's keys", async () => {
  await using receiver = await startReceiver(ok);
  await using place = await openPortal();
  const { simulator } = place;
  simulator.webhooks.register({ url: receiver.url, applicationToken: "app-token" });
  await add(simulator);
  await eventually(() => receiver.bodies.length === 1, "the first event");
  simulator.people.finish("1");
  await eventually(() => receiver.bodies.length === 2, "the second event");
  await call(simulator, "tasks.task.delete", { taskId: 1 });
  await eventually(() => receiver.bodies.length === 3, "the third event");

  const origin = new URL(simulator.pageUrl);
  const [added, changed, deleted] = receiver.bodies.map((body) => Object.fromEntries(body));
  assert.match(added?.["ts"] ?? "", /^\d{10}$/);
  const common = {
    event_handler_id: "1",
    ts: added?.["ts"],
    "auth[domain]": origin.host,
    "auth[client_endpoint]": `${origin.origin}/rest/`,
    "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
    "auth[member_id]": added?.["auth[member_id]"],
    "auth[application_token]": "app-token",
  };
  assert.match(common["auth[member_id]"] ?? "", /^[0-9a-f]{32}$/);
  assert.deepEqual(added, {
    ...common,
    event: "ONTASKADD",
    "data[FIELDS_BEFORE]": "undefined",
    "data[FIELDS_AFTER][ID]": "1",
    "data[IS_ACCESSIBLE_BEFORE]": "N",
    "data[IS_ACCESSIBLE_AFTER]": "undefined",
  });
  assert.deepEqual({ ...changed, ts: common.ts }, {
    ...common,
    event: "ONTASKUPDATE",
    "data[FIELDS_BEFORE][ID]": "1",
    "data[FIELDS_AFTER][ID]": "1",
    "data[IS_ACCESSIBLE_BEFORE]": "undefined",
    "data[IS_ACCESSIBLE_AFTER]": "undefined",
  });
  assert.deepEqual({ ...deleted, ts: common.ts }, {
    ...common,
    event: "ONTASKDELETE",
    "data[FIELDS_BEFORE][ID]": "1",
    "data[FIELDS_AFTER]": "undefined",
    "data[IS_ACCESSIBLE_BEFORE]": "undefined",
    "data[IS_ACCESSIBLE_AFTER]": "N",
  });
});

Deno.test("a receiver gets only the events it registered for, each with its own handler id", async () => {
  await using all = await startReceiver(ok);
  await using deletions = await startReceiver(ok);
  await using place = await openPortal();
  const { simulator } = place;
  assert.equal(simulator.webhooks.register({ url: all.url, applicationToken: "a" }), "1");
  assert.equal(
    simulator.webhooks.register({ url: deletions.url, applicationToken: "b", events: ["ONTASKDELETE"] }),
    "2",
  );
  await add(simulator);
  await call(simulator, "tasks.task.update", { taskId: 1, fields: { TITLE: "U" } });
  simulator.people.delete("1");
  await eventually(() => all.bodies.length === 3 && deletions.bodies.length > 0, "all events");
  assert.deepEqual(eventsOf(all).toSorted(), ["ONTASKADD", "ONTASKDELETE", "ONTASKUPDATE"]);
  assert.deepEqual(eventsOf(deletions), ["ONTASKDELETE"]);
  assert.deepEqual(deletions.bodies.map((body) => body.get("event_handler_id")), ["2"]);
});

Deno.test("what a receiver did not take is not sent again, and a dead one keeps none from another", async () => {
  await using gone = await startReceiver(ok);
  // Started while the other still runs, or it could get its port.
  await using failing = await startReceiver(() => new Response("no", { status: 500 }));
  await gone[Symbol.asyncDispose]();
  await using place = await openPortal();
  const { simulator } = place;
  for (const { url } of [gone, failing]) simulator.webhooks.register({ url, applicationToken: "t" });
  await add(simulator);
  await eventually(() => failing.bodies.length === 1, "the first event");
  simulator.people.finish("1");
  await eventually(() => failing.bodies.length >= 2, "the second event");
  assert.deepEqual(eventsOf(failing), ["ONTASKADD", "ONTASKUPDATE"]);
});

Deno.test("a receiver that does not answer delays no method, and the portal's end breaks it off", async () => {
  // A bare socket: Deno.serve does not always see that its client has gone.
  using receiver = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const buffer = new Uint8Array(4096);
  await using portal = new AsyncDisposableStack();
  const { simulator } = portal.use(await openPortal());
  simulator.webhooks.register({ url: `http://127.0.0.1:${receiver.addr.port}/`, applicationToken: "t" });
  assert.equal((await add(simulator)).status, 200);
  using connection = await receiver.accept();
  assert.ok(await connection.read(buffer));
  const startMs = performance.now();
  await portal.disposeAsync();
  while (await connection.read(buffer) !== null);
  assert.ok(performance.now() - startMs < 5_000, "not given up, but broken off");
});
