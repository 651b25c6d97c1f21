import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ChecklistNode,
  modelChecklists,
  templateChecklists,
} from "../../../../adapters/bitrix24/creation/checklist_tree.ts";

type Shown = string | readonly [string, ...Shown[]];

function shown(nodes: readonly ChecklistNode[]): Shown[] {
  return nodes.map(({ title, children }) => children.length === 0 ? title : [title, ...shown(children)]);
}

const row = (id: number, parent: unknown, level: unknown, title: string) => ({
  item: { ID: id, TITLE: title },
  tree: parent === undefined ? [] : { parent_id: parent, level },
});
const rows = (...all: ReturnType<typeof row>[]) => templateChecklists(JSON.parse(JSON.stringify(all)));

Deno.test("items below items are kept, where the predecessor lost them, and one without a place gets a checklist", () => {
  const tree = rows(
    row(1, 1, 0, "G1"),
    row(2, 1, 1, "a"),
    row(3, 2, 2, "b"),
    row(4, 1, 2, "c"),
    row(5, undefined, 0, "orphan"),
  );
  assert.deepEqual(shown(tree), [["G1", ["a", "b"], "c"], ["Чек-лист", "orphan"]]);
});

Deno.test("levels and ids may be texts; blank titles, empty checklists and circles cost nothing else", () => {
  const tree = rows(
    row(1, "1", "0", " G1 "),
    row(2, "1", "1", "  "),
    row(3, "1", "1", "c"),
    row(4, "4", "0", "empty"),
    row(5, 6, 1, "x"),
    row(6, 5, 1, "y"),
  );
  assert.deepEqual(shown(tree), [["G1", "c"], ["Чек-лист", ["x", "y"]]]);
});

Deno.test("state, weight and members of an item are kept", () => {
  const items = [
    { item: { ID: "1", TITLE: "G" }, tree: { parent_id: "1", level: 0 } },
    {
      item: { ID: "2", TITLE: "a", IS_COMPLETE: "Y", IS_IMPORTANT: true, MEMBERS: { "7": { TYPE: "U" }, "8": "A" } },
      tree: { parent_id: "1", level: 1 },
    },
  ];
  const [node] = templateChecklists(items)[0]?.children ?? [];
  assert.deepEqual(node, {
    title: "a",
    complete: true,
    important: true,
    members: [["7", "U"], ["8", "A"]],
    children: [],
  });
});

Deno.test("every item with a title is in the tree once, whatever the rows say of their places", () => {
  const anyRow = fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    parent: fc.integer({ min: 0, max: 12 }),
    level: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(fc.property(fc.uniqueArray(anyRow, { selector: ({ id }) => id, maxLength: 12 }), (all) => {
    const tree = rows(...all.map(({ id, parent, level }) => row(id, parent, level, `t${id}`)));
    const titles: string[] = [];
    const collect = (nodes: readonly ChecklistNode[]): void =>
      nodes.forEach(({ title, children }) => {
        titles.push(title);
        collect(children);
      });
    collect(tree);
    const found = titles.filter((title) => title !== "Чек-лист");
    assert.equal(new Set(found).size, found.length);
    // Only checklists without items are left out.
    const missing = all.filter(({ id }) => !found.includes(`t${id}`));
    assert.ok(missing.every(({ id, level, parent }) => level === 0 || parent === id));
  }));
});

Deno.test("the model's property gives checklists too, nested ones and odd ones", () => {
  const property =
    '[{"name":"Docs","items":["Invoice",{"name":"Act","items":["signed"]},""]},{"name":"none","items":[]},{"items":["x"]}]';
  assert.deepEqual(shown(modelChecklists(property)), [["Docs", "Invoice", ["Act", "signed"]]]);
  assert.deepEqual(modelChecklists("[bad"), []);
  assert.deepEqual(modelChecklists(undefined), []);
});
