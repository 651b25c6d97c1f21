import assert from "node:assert/strict";
import type { DiagramFilter } from "../../../lib/stormbpmn/diagram_filter.ts";
import type { StormClient } from "../../../lib/stormbpmn/storm_client.ts";
import { DRAWING, never, openPlace, type Place } from "./storm_place.ts";

async function listed(client: StormClient, filter: DiagramFilter = {}) {
  const pages = await Array.fromAsync(client.pages(filter, never));
  return { pages, names: pages.flatMap(({ diagrams }) => diagrams.map(({ name }) => name)) };
}

/** Each drawn a minute after the one before. */
function draw({ simulator, clock }: Place, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    clock.ms += 60_000;
    return simulator.diagrams.add({ name: `Diagram ${n}`, xml: DRAWING });
  });
}

for (const api of ["public", "web"] as const) {
  Deno.test(`the ${api} API lists all pages, each when it is wanted`, async () => {
    await using place = await openPlace({ api });
    draw(place, 45);
    const walk = place.client.pages({}, never);
    const first = await walk.next();
    assert.deepEqual([first.value?.diagrams.length, first.value?.seen, first.value?.total], [20, 20, 45]);
    assert.equal(place.simulator.requests.length, 1);
    await walk.return();
    const { names, pages } = await listed(place.client);
    assert.equal(new Set(names).size, 45);
    assert.deepEqual(pages.map(({ seen }) => seen), [20, 40, 45]);
    assert.equal(place.simulator.requests.length, 4);
  });

  Deno.test(`the ${api} API gives a diagram with its drawing, version, time and links`, async () => {
    await using place = await openPlace({ api });
    const { simulator, client, clock } = place;
    const [id = "", other = ""] = draw(place, 2);
    clock.ms += 1_500;
    simulator.diagrams.redraw(id, DRAWING.replace("Check papers", "Проверить"), "boss@example.com");
    simulator.diagrams.link(id, "Activity_call", other, "boss@example.com");
    const { xml, versionNumber, updatedOn, createdOn, author, updatedBy, outgoingLinks } = await client.diagram(
      id,
      never,
    );
    assert.match(xml, /Проверить/);
    assert.deepEqual([versionNumber, author, updatedBy], [2, "analyst@example.com", "boss@example.com"]);
    assert.deepEqual([createdOn, updatedOn], ["2030-01-31T08:01:00.000000", "2030-01-31T08:02:01.500000"]);
    assert.deepEqual(outgoingLinks, [
      { fromItemId: "Activity_call", toDiagramId: other, toDiagramName: "Diagram 1" },
    ]);
  });

  Deno.test(`the ${api} API filters by status, type, author, quality and time of change`, async () => {
    await using place = await openPlace({ api });
    const { simulator: { diagrams }, client, clock } = place;
    diagrams.add({ name: "old draft", xml: DRAWING, status: "NEW", quality: 2 });
    diagrams.add({ name: "map", xml: DRAWING, type: "BCM" });
    clock.ms += 24 * 3_600_000;
    diagrams.add({ name: "theirs", xml: DRAWING, author: "other@example.com" });
    diagrams.add({ name: "private", xml: DRAWING, status: "DONE", isPublic: false });
    const named = async (filter: DiagramFilter) => (await listed(client, filter)).names.sort();
    assert.deepEqual(await named({ statuses: ["new"] }), ["old draft"]);
    assert.deepEqual(await named({ types: ["BPMN"], statuses: ["IN_PROGRESS"] }), ["theirs"]);
    assert.deepEqual(await named({ authors: ["Other@example.com"] }), ["theirs"]);
    assert.deepEqual(await named({ minQuality: 3 }), ["map", "private", "theirs"]);
    assert.deepEqual(await named({ updatedSince: "2030-02-01" }), ["private", "theirs"]);
    const since = "2030-02-01T08:00:00.000000"; // what a list said before: the very time counts
    assert.deepEqual(await named({ onlyPublic: true, updatedSince: since }), ["theirs"]);
  });

  Deno.test(`the ${api} API's answers may have other fields than expected, and none but the id and the drawing`, async () => {
    await using place = await openPlace({ api });
    const [id = ""] = draw(place, 1);
    const bare = {
      id,
      body: DRAWING,
      versionNumber: "11",
      tags: { odd: true },
      updatedOn: [2030, 1, 31],
      status: null,
    };
    const body = JSON.stringify(api === "public" ? bare : { diagram: bare });
    place.simulator.faults.failNext({ status: 200, body });
    const diagram = await place.client.diagram(id, never);
    assert.deepEqual(
      [diagram.name, diagram.versionNumber, diagram.updatedOn, diagram.status, diagram.outgoingLinks],
      ["", 11, undefined, undefined, []],
    );
  });

  Deno.test(`a diagram in which nothing was drawn yet has an empty drawing in the ${api} API`, async () => {
    await using place = await openPlace({ api });
    const [id = ""] = draw(place, 1);
    const bare = { id, body: null };
    place.simulator.faults.failNext({ status: 200, body: JSON.stringify(api === "public" ? bare : { diagram: bare }) });
    assert.equal((await place.client.diagram(id, never)).xml, "");
  });
}

Deno.test("a diagram that people change while the list is walked is listed once", async () => {
  await using place = await openPlace({ api: "web" });
  const { simulator, client, clock } = place;
  const ids = draw(place, 25);
  const walk = client.pages({}, never);
  const first = await walk.next();
  // The oldest moves to the front, and the last of the first page to the second.
  clock.ms += 60_000;
  simulator.diagrams.setStatus(ids[0] ?? "", "DONE");
  const rest = await Array.fromAsync(walk);
  const found = [...first.value?.diagrams ?? [], ...rest.flatMap(({ diagrams }) => diagrams)].map(({ id }) => id);
  assert.equal(new Set(found).size, found.length);
  assert.deepEqual(rest.map(({ seen, total }) => [seen, total]), [[24, 25]]);
});

Deno.test("a list from which people delete meanwhile comes to an end", async () => {
  await using place = await openPlace();
  const { simulator, client } = place;
  const ids = draw(place, 40);
  const walk = client.pages({}, never);
  await walk.next();
  for (const id of ids.slice(0, 20)) simulator.diagrams.remove(id);
  const rest = await Array.fromAsync(walk);
  assert.deepEqual(rest, [{ diagrams: [], seen: 20, total: 20 }]);
});

Deno.test("a server that always gives the same page is not asked for ever", async () => {
  await using place = await openPlace();
  const items = Array.from({ length: 20 }, (_, n) => ({ id: `d${n}` }));
  const body = JSON.stringify({ totalElements: 1_000_000, page: 0, size: 20, returnDiagrams: items });
  place.simulator.faults.failNext({ status: 200, body }, { times: 50 });
  const { names } = await listed(place.client);
  assert.equal(names.length, 20);
  assert.equal(place.simulator.requests.length, 2);
});

Deno.test("a look for what changed ends at the first page in which nothing did, if the last changed come first", async () => {
  const visits = async (sort: string) => {
    await using place = await openPlace({ api: "web", settings: { STORMBPMN_DEFAULT_SORT: sort } });
    const ids = draw(place, 100);
    place.clock.ms += 24 * 3_600_000;
    place.simulator.diagrams.redraw(ids[50] ?? "", DRAWING);
    const { names } = await listed(place.client, { updatedSince: "2030-02-01" });
    return [names, place.simulator.requests.length];
  };
  assert.deepEqual(await visits("updatedOn,desc"), [["Diagram 50"], 1]);
  assert.deepEqual(await visits("name,asc"), [["Diagram 50"], 5]);
});

Deno.test("the web application is asked as its pages ask, with the settings for size, order and view", async () => {
  const settings = {
    STORMBPMN_DEFAULT_PAGE_SIZE: "7",
    STORMBPMN_DEFAULT_SORT: "name,asc",
    STORMBPMN_DEFAULT_VIEW: "MINE",
  };
  await using place = await openPlace({ api: "web", settings });
  draw(place, 1);
  await listed(place.client, { minQuality: 5 });
  assert.deepEqual(place.simulator.requests, [
    "/api/v1/diagram/filter?quality=5%2Cge&sharedByUser=false&sharedWithUser=false&view=MINE&size=7&page=0&sort=name%2Casc",
  ]);
});

Deno.test("what the web application lists as good enough need not say how good it is", async () => {
  await using place = await openPlace({ api: "web" });
  const body = JSON.stringify({ content: [{ id: "d1", name: "unrated" }], totalElements: 1, size: 20 });
  place.simulator.faults.failNext({ status: 200, body });
  assert.deepEqual((await listed(place.client, { minQuality: 5 })).names, ["unrated"]);
});

Deno.test("the web application's assignees come with names, and what only the drawing says behind them", async () => {
  await using place = await openPlace({ api: "web" });
  const { simulator, client } = place;
  const [id = ""] = draw(place, 1);
  const lead = { elementId: "Activity_check", elementName: "Check papers", assigneeId: 4711, assigneeName: "Lead" };
  simulator.diagrams.assign(id, { ...lead, description: "<p>x</p>", duration: 900 });
  simulator.diagrams.assign(id, { elementId: "Activity_check", assigneeId: null, assigneeName: null });
  const records = await client.assignees({ id, xml: DRAWING }, never);
  assert.deepEqual(
    records.map((
      { elementId, assigneeId, assigneeName, description },
    ) => [elementId, assigneeId, assigneeName, description]),
    [
      ["Activity_check", "4711", "Lead", "<p>x</p>"],
      ["Activity_check", undefined, undefined, undefined],
      ["Activity_inner", undefined, undefined, "<p>inside</p>"],
    ],
  );
  assert.deepEqual([records[0]?.duration, records[0]?.assigneeType], [900, "HUMAN"]);
});

Deno.test("a diagram without assignees, which the web application answers 404, has those of its drawing", async () => {
  await using place = await openPlace({ api: "web" });
  const [id = ""] = draw(place, 1);
  place.simulator.faults.failNext({ status: 404 }, { path: "assigneeedges" });
  const records = await place.client.assignees({ id, xml: DRAWING }, never);
  assert.deepEqual(records.map(({ elementId }) => elementId), ["Activity_check", "Activity_inner"]);
});

Deno.test("with a key and a token diagrams come from the public API and assignees from the web application's", async () => {
  await using place = await openPlace({ api: "auto" });
  const [id = ""] = draw(place, 1);
  place.simulator.diagrams.assign(id, { elementId: "Activity_check", assigneeName: "Lead", assigneeId: 4711 });
  await listed(place.client);
  const diagram = await place.client.diagram(id, never);
  const [record] = await place.client.assignees(diagram, never);
  assert.equal(record?.assigneeName, "Lead");
  assert.deepEqual(place.simulator.requests.map((path) => path.split("/")[1]), ["public-api", "public-api", "api"]);
});
