import assert from "node:assert/strict";
import type { ChecklistItem } from "../../../../lib/bpmn/checklists/checklist.ts";
import { checklistProperty } from "../../../../lib/bpmn/checklists/checklist_property.ts";
import { parseChecklists } from "../../../../lib/bpmn/checklists/parse_checklists.ts";

/** `name: item, item (inner, inner)`, or `-> task id` for a link. */
function read(description: string): string[] {
  const items = (list: readonly ChecklistItem[]): string =>
    list.map(({ text, items: inner }) => inner.length === 0 ? text : `${text} (${items(inner)})`).join(", ");
  return parseChecklists(description).map((checklist) =>
    checklist.kind === "link" ? `-> ${checklist.taskId}` : `${checklist.name}: ${items(checklist.items)}`
  );
}

const LIST = "<ul><li>a</li><li>b</li></ul>";

for (
  const header of [
    "ЧЕКЛИСТ: Docs",
    "чеклист : Docs",
    "Чек-лист: Docs",
    "CHECKLIST: Docs",
    "Check list: Docs",
    "** Docs",
    "**Docs**",
    "@ Docs",
    "# Docs",
    "## Docs",
    "– Docs",
  ]
) {
  Deno.test(`«${header}» is the header of a list, in HTML and in plain text`, () => {
    assert.deepEqual(read(`<p>${header}</p>${LIST}`), ["Docs: a, b"]);
    assert.deepEqual(read(`${header}\n• a\n• b`), ["Docs: a, b"]);
    assert.deepEqual(read(`${header}\n- a\n* b`), ["Docs: a, b"]);
  });
}

for (
  const [what, html] of [
    ["a class", `<p class="ql-align">ЧЕКЛИСТ: Docs</p>${LIST}`],
    ["bold type", `<p><strong>ЧЕКЛИСТ:</strong> <em>Docs</em></p>${LIST}`],
    ["a heading", `<h3>ЧЕКЛИСТ: Docs</h3>${LIST}`],
    ["a div", `<div>ЧЕКЛИСТ: Docs<br></div>${LIST}`],
    ["a numbered list", "<p>ЧЕКЛИСТ: Docs</p><ol><li>a</li><li>b</li></ol>"],
    ["empty paragraphs", `<p>ЧЕКЛИСТ: Docs</p><p></p><p>&nbsp;</p>${LIST}`],
    ["words before the list", `<p>ЧЕКЛИСТ: Docs</p><p>Please tick off:</p>${LIST}`],
    ["paragraphs in items", "<p>ЧЕКЛИСТ: Docs</p><ul><li><p>a</p></li><li><p>b</p></li></ul>"],
    ["items that are not closed", "<p>ЧЕКЛИСТ: Docs</p><ul><li>a<li>b</ul>"],
    ["escaped tags", `<p>ЧЕКЛИСТ: Docs</p>${LIST}`.replaceAll("<", "&lt;").replaceAll(">", "&gt;")],
    ["bullets in one line", "<p>ЧЕКЛИСТ: Docs • a • b</p>"],
    ["numbers in plain text", "ЧЕКЛИСТ: Docs\n1. a\n2) b"],
    ["dashes in place of bullets", "<p>ЧЕКЛИСТ: Docs</p><p>– a</p><p>– b</p>"],
  ] as const
) {
  Deno.test(`a list with ${what} is read`, () => assert.deepEqual(read(html), ["Docs: a, b"]));
}

Deno.test("signs of headers inside an item cut nothing off", () => {
  assert.deepEqual(
    read("<p>ЧЕКЛИСТ: Docs</p><ul><li>mail to a@b.c</li><li># 5 – urgent ** now</li><li>@home</li></ul>"),
    [
      "Docs: mail to a@b.c, # 5 – urgent ** now, @home",
    ],
  );
});

Deno.test("there is no limit to the number of items, and items of one letter count", () => {
  const items = Array.from({ length: 60 }, (_, index) => `<li>${index % 10}</li>`).join("");
  const [list] = parseChecklists(`<p>ЧЕКЛИСТ: Docs</p><ul>${items}</ul>`);
  assert.equal(list?.kind === "list" && list.items.length, 60);
});

Deno.test("lists in items, by markup or by indentation, stay in their items", () => {
  assert.deepEqual(read("<p>ЧЕКЛИСТ: Docs</p><ul><li>a<ul><li>a1</li><li>a2</li></ul></li><li>b</li></ul>"), [
    "Docs: a (a1, a2), b",
  ]);
  assert.deepEqual(
    read(
      '<p>ЧЕКЛИСТ: Docs</p><ul><li>a</li><li class="ql-indent-1">a1</li><li class="ql-indent-1">a2</li><li>b</li></ul>',
    ),
    [
      "Docs: a (a1, a2), b",
    ],
  );
});

Deno.test("lists stand in the order of the description, those of one name too", () => {
  assert.deepEqual(read(`<p># B</p>${LIST}<p>ЧЕКЛИСТ: A</p>${LIST}<p># B</p><ul><li>c</li></ul>`), [
    "B: a, b",
    "A: a, b",
    "B: c",
  ]);
});

Deno.test("text after a list ends it, and headers without items are no lists", () => {
  assert.deepEqual(read("ЧЕКЛИСТ: Docs\n• a\nThat was it.\n• b\n# Nothing"), ["Docs: a"]);
});

Deno.test("a header with a link to a task means the checklists of that task", () => {
  assert.deepEqual(
    read('<p>ЧЕКЛИСТ: <a href="https://portal.example/company/personal/user/1/tasks/task/view/42/?x=1">see</a></p>'),
    ["-> 42"],
  );
  assert.deepEqual(read("ЧЕКЛИСТ: https://portal.example/workgroups/group/5/tasks/task/view/43/"), ["-> 43"]);
});

Deno.test("a description without a checklist has none", () => {
  for (
    const text of ["", "<p>Just text</p>", LIST, "<p>Write to a@b.c</p><ul><li>x</li></ul>", "<p", "&", "<ul><li>"]
  ) {
    assert.deepEqual(read(text), [], text);
  }
});

Deno.test("as a property, an item with items of its own is an object in its place", () => {
  const [list] = parseChecklists("<p>ЧЕКЛИСТ: «Docs»</p><ul><li>a<ul><li>a1</li></ul></li><li>b</li></ul>");
  assert.ok(list?.kind === "list");
  assert.equal(checklistProperty([list]), '[{"name":"«Docs»","items":[{"name":"a","items":["a1"]},"b"]}]');
});
