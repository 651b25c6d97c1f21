import assert from "node:assert/strict";
import { BpmnParseError } from "../../../lib/bpmn/bpmn_parse_error.ts";
import { MetadataCache } from "../../../lib/bpmn/metadata_cache.ts";

const XML =
  '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="P"><serviceTask id="A"/></process></definitions>';
const never = new AbortController().signal;

/** A loader that answers when told to. */
class Loader {
  readonly calls: { readonly id: string; readonly signal: AbortSignal; answer(xml: string): void; fail(): void }[] = [];

  readonly load = (id: string, signal: AbortSignal): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.calls.push({ id, signal, answer: resolve, fail: () => reject(new Error("Camunda is down")) });
    signal.addEventListener("abort", () => reject(signal.reason));
    return promise;
  };
}

Deno.test("a definition is loaded once, for callers at the same time and for later ones", async () => {
  const loader = new Loader();
  const cache = new MetadataCache(loader);
  const both = [cache.get("P:1", never), cache.get("P:1", never)];
  loader.calls[0]?.answer(XML);
  const [first, second] = await Promise.all(both);
  assert.equal(first, second);
  assert.equal(await cache.get("P:1", never), first);
  assert.equal(loader.calls.length, 1);
});

Deno.test("a slow definition does not hold up another one", async () => {
  const loader = new Loader();
  const cache = new MetadataCache(loader);
  const slow = cache.get("slow", never);
  const quick = cache.get("quick", never);
  loader.calls[1]?.answer(XML);
  assert.ok((await quick).activities.has("A"));
  loader.calls[0]?.answer(XML);
  await slow;
});

Deno.test("a failure reaches all who wait and is not kept", async () => {
  const loader = new Loader();
  const cache = new MetadataCache(loader);
  const both = [cache.get("P:1", never), cache.get("P:1", never)];
  loader.calls[0]?.fail();
  await Promise.all(both.map((waiting) => assert.rejects(waiting, /Camunda is down/)));
  const again = cache.get("P:1", never);
  loader.calls[1]?.answer("not XML");
  await assert.rejects(again, BpmnParseError);
  const third = cache.get("P:1", never);
  loader.calls[2]?.answer(XML);
  await third;
});

Deno.test("beyond its capacity the cache forgets the definition that was unused for longest", async () => {
  const loaded: string[] = [];
  const load = (id: string) => {
    loaded.push(id);
    return Promise.resolve(XML);
  };
  const cache = new MetadataCache({ load, capacity: 2 });
  for (const id of ["a", "b", "a", "c", "a", "b"]) await cache.get(id, never);
  assert.deepEqual(loaded, ["a", "b", "c", "b"]);
});

Deno.test("one caller going away leaves the load to the others; the last one ends it", async () => {
  const loader = new Loader();
  const cache = new MetadataCache(loader);
  const [one, other] = [new AbortController(), new AbortController()];
  const waiting = [cache.get("P:1", one.signal), cache.get("P:1", other.signal)];
  const [call] = loader.calls;

  one.abort(new Error("one left"));
  await assert.rejects(waiting[0] ?? Promise.resolve(), /one left/);
  assert.equal(call?.signal.aborted, false);
  other.abort(new Error("other left"));
  await assert.rejects(waiting[1] ?? Promise.resolve(), /other left/);
  assert.equal(call?.signal.aborted, true);

  const later = cache.get("P:1", never);
  loader.calls[1]?.answer(XML);
  await later;
});

Deno.test("a caller that is already aborted loads nothing", async () => {
  const loader = new Loader();
  await assert.rejects(new MetadataCache(loader).get("P:1", AbortSignal.abort(new Error("stopped"))), /stopped/);
  assert.equal(loader.calls.length, 0);
});
