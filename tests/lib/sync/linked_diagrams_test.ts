import assert from "node:assert/strict";
import { drawnLinks, LinkedDiagrams, processKeyOf, withLinks } from "../../../lib/sync/linked_diagrams.ts";
import { StormError } from "../../../lib/stormbpmn/storm_error.ts";
import { diagram, file, node } from "../bpmn/convert/drawing.ts";

const never = new AbortController().signal;
const task = node("task", "T");
const link = (toDiagramId: string) => ({ fromItemId: "C", toDiagramId, toDiagramName: undefined });

function stormWith(xmlById: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  return {
    asked,
    diagram(id: string) {
      asked.push(id);
      const xml = xmlById[id];
      if (xml === undefined) return Promise.reject(new StormError("not_found", "http_404", "gone"));
      return Promise.resolve({
        id,
        name: id,
        xml,
        status: undefined,
        type: undefined,
        versionNumber: undefined,
        updatedOn: undefined,
        createdOn: undefined,
        author: undefined,
        updatedBy: undefined,
        quality: undefined,
        isPublic: undefined,
        teamFolder: undefined,
        processType: undefined,
        description: undefined,
        outgoingLinks: [],
      });
    },
  };
}

Deno.test("the key of a diagram is that of its first pool's process", () => {
  const pools = node('participant processRef="B"', "PB") + node('participant processRef="A"', "PA");
  const processes = node("process", "A", undefined, task) + node("process", "B", undefined, node("task", "U"));
  assert.equal(processKeyOf(file(node("collaboration", "K", undefined, pools) + processes)), "B");
  assert.equal(processKeyOf(file(node("process", "Empty") + processes)), "A");
  assert.equal(processKeyOf("<html/>"), undefined);
  assert.equal(processKeyOf("not XML"), undefined);
});

Deno.test("links in a drawing are those whose dump of a diagram has an id", () => {
  const call = (id: string, url: string) => `<bpmn:callActivity id="${id}" storm:StormUrl='${url}'/>`;
  const drawn = diagram(call("A", '{"owner":{"id":"x"},"id":"d-1"}') + call("B", "null") + call("C", "https://x"));
  assert.deepEqual(drawnLinks(drawn), ["d-1"]);
});

Deno.test("a diagram pulled to learn its key is not pulled again", async () => {
  const storm = stormWith({ "d-1": diagram(task) });
  const linked = new LinkedDiagrams(storm);
  assert.deepEqual([...await linked.keysFor("", [link("d-1")], never)], [["d-1", "P"]]);
  assert.equal((await linked.diagram("d-1", never)).id, "d-1");
  assert.deepEqual(storm.asked, ["d-1"]);
});

Deno.test("a diagram that is gone is asked for once, and has no key", async () => {
  const storm = stormWith({});
  const linked = new LinkedDiagrams(storm);
  assert.equal((await linked.keysFor("", [link("d-1")], never)).size, 0);
  assert.equal((await linked.keysFor("", [link("d-1")], never)).size, 0);
  assert.deepEqual(storm.asked, ["d-1"]);
});

Deno.test("a link beside the drawing yields to the mapping file", () => {
  const keys = new Map([["d-1", "P"]]);
  assert.deepEqual(withLinks({}, [link("d-1")], keys, ""), { elements: { C: { calledElement: "P" } } });
  const mapping = { elements: { C: { calledElement: "Mine" } } };
  assert.deepEqual(withLinks(mapping, [link("d-1")], keys, ""), mapping);
});
