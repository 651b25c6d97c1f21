import assert from "node:assert/strict";
import { CommandError } from "../../../../lib/sync/commands/context.ts";
import { mappingIn, readMappingFile } from "../../../../lib/sync/mapping/mapping_file.ts";

const { signal } = new AbortController();

/** What is said about a file. */
function complaints(text: string): string[] {
  try {
    mappingIn(text, "m.yaml");
  } catch (error) {
    assert.ok(error instanceof CommandError);
    return error.message.split("\n");
  }
  throw new Error("The file was read without a complaint");
}

Deno.test("a mapping file says what people decided about elements, lanes, pools and processes", () => {
  const text = `# Permits
default: { assignee: { id: "15", name: Head of permits } }
lanes:
  Accounting: { system: 1c, assignee: 17 }
pools:
  Warehouse: { topic: op_create_task }
processes:
  Process_1d4oa6g46:
    elements:
      Flow_1i3yird: { expression: '\${demolition == "yes"}' }
      Event_0x7: { timer: P3D }
      Activity_9: { retries: 5, properties: { color: red, weight: 3 } }
`;
  assert.deepEqual(mappingIn(text, "m.yaml"), {
    default: { assignee: { id: "15", name: "Head of permits" } },
    lanes: { Accounting: { system: "1c", assignee: { id: "17" } } },
    pools: { Warehouse: { topic: "op_create_task" } },
    processes: {
      Process_1d4oa6g46: {
        elements: {
          Flow_1i3yird: { expression: '${demolition == "yes"}' },
          Event_0x7: { timer: "P3D" },
          Activity_9: { retries: 5, properties: { color: "red", weight: "3" } },
        },
      },
    },
  });
});

Deno.test("an empty file, a byte order mark and JSON are good", () => {
  assert.deepEqual(mappingIn("# nothing yet\n", "m.yaml"), {});
  assert.deepEqual(mappingIn('\uFEFF{"elements": {"A": {"topic": "t"}}}', "m.yaml"), {
    elements: { A: { topic: "t" } },
  });
});

Deno.test("words that YAML once took for something else are texts", () => {
  const mapping = mappingIn("elements: { A: { question: no }, B: { timer: 2030-01-31 } }", "m.yaml");
  assert.deepEqual(mapping.elements, { A: { question: "no" }, B: { timer: "2030-01-31" } });
});

Deno.test("an alias stands for what its anchor names", () => {
  const mapping = mappingIn("lanes:\n  A: &ours { topic: t }\n  B: *ours\n", "m.yaml");
  assert.deepEqual(mapping.lanes, { A: { topic: "t" }, B: { topic: "t" } });
});

Deno.test("what is wrong with what an anchor names is told there, for each place where it is used", () => {
  assert.deepEqual(complaints("lanes:\n  A: &ours { topc: t }\n  B: *ours\n"), [
    "m.yaml:2:14: lanes.A: The key topc is unknown here. Did you mean topic?",
    "m.yaml:2:14: lanes.B: The key topc is unknown here. Did you mean topic?",
  ]);
});

Deno.test("an unknown key is refused where it stands, with the nearest known one", () => {
  assert.deepEqual(complaints("elements:\n  A:\n    topc: x\nlane: {}\n"), [
    "m.yaml:3:5: elements.A: The key topc is unknown here. Did you mean topic?",
    "m.yaml:4:1: The key lane is unknown here. Did you mean lanes?",
  ]);
  assert.deepEqual(complaints("default: { timer: P1D }"), [
    "m.yaml:1:12: default: The key timer is unknown here. Known are topic, system, assignee, retries.",
  ]);
  assert.deepEqual(complaints("lanes:\n  Sales: { assignee: { id: 17, naem: Anna } }"), [
    "m.yaml:2:32: lanes.Sales.assignee: The key naem is unknown here. Did you mean name?",
  ]);
});

Deno.test("a value of another kind is refused where it stands, in words", () => {
  assert.deepEqual(
    complaints(`
elements:
  A: { topic: 5, system: openprojct, retries: 0 }
  B: { assignee: [1], question: "" }
  C: { calledElement: }
  D: op_create_task
processes:
  P:
    default:
      retries: 101
`),
    [
      "m.yaml:3:15: elements.A.topic: A text is wanted, not 5.",
      'm.yaml:3:26: elements.A.system: It is one of bitrix24, openproject, 1c, python-services, not "openprojct". Did you mean openproject?',
      "m.yaml:3:47: elements.A.retries: It is 1 or more.",
      "m.yaml:4:18: elements.B.assignee: A text, or a number, or a block of keys and values is wanted, not a list.",
      "m.yaml:4:33: elements.B.question: It is empty.",
      "m.yaml:5:23: elements.C.calledElement: A text is wanted, not nothing.",
      'm.yaml:6:6: elements.D: A block of keys and values is wanted, not "op_create_task".',
      "m.yaml:10:16: processes.P.default.retries: It is 100 or less.",
    ],
  );
  assert.deepEqual(complaints("- a\n- b"), ["m.yaml:1:3: A block of keys and values is wanted, not a list."]);
});

Deno.test("what a YAML parser would take in silence is refused: repeated keys, tags, a second document", () => {
  assert.deepEqual(complaints("elements:\n  A: { topic: x }\n  A: { topic: y }"), [
    "m.yaml:3:3: The key A stands here twice.",
  ]);
  assert.match(complaints("elements: !!js/function x").join(), /^m\.yaml:1:11: .*tag/);
  assert.match(complaints("lanes: {}\n---\npools: {}").join(), /^m\.yaml:2:1: .*documents/);
  assert.match(complaints("lanes:\n\tA: { topic: x }").join(), /^m\.yaml:2:1: Tabs/);
});

Deno.test("aliases that would fill the memory are refused, and so are those of what they stand in", () => {
  const lines = [..."bcdefghi"].map((name, index) => {
    const aliases = Array.from({ length: 9 }, () => `*${"abcdefghi".charAt(index)}`);
    return `${name}: &${name} [${aliases.join(", ")}]`;
  });
  assert.match(complaints(`a: &a [x, x, x]\n${lines.join("\n")}`).join(), /^m\.yaml:1:1: Excessive alias count/);
  assert.match(complaints("lanes: &a { A: *a }").join(), /^m\.yaml:1:16: What a names has itself as a part\./);
});

Deno.test("what is nested too deeply is refused before it is parsed", () => {
  const deep = [
    "[".repeat(1e5),
    "{a: ".repeat(5e4),
    "- ".repeat(1e5),
    Array.from({ length: 600 }, (_, level) => `${" ".repeat(level)}a:`).join("\n"),
  ];
  for (const text of deep) assert.match(complaints(text).join(), /^m\.yaml:\d+:\d+: It is nested too deeply\.$/);
});

Deno.test("brackets in texts are no depth", () => {
  const lines = Array.from({ length: 100 }, (_, index) => `  A${index}: { question: "[{ ?" }\n`);
  const block = `  B:\n    question: |\n      ${"[ {".repeat(100)}\n`;
  const mapping = mappingIn(`elements:\n${lines.join("")}${block}`, "m.yaml");
  assert.equal(Object.keys(mapping.elements ?? {}).length, 101);
});

Deno.test("of many faults the first twenty are told", () => {
  const lines = complaints(
    `elements:\n${Array.from({ length: 30 }, (_, index) => `  A${index}: { x: 1 }\n`).join("")}`,
  );
  assert.equal(lines.length, 21);
  assert.match(lines.at(0) ?? "", /^m\.yaml:2:9: elements\.A0: /);
  assert.equal(lines.at(-1), "m.yaml: and 10 more.");
});

Deno.test("a file that is missing or too large is refused by its name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assert.rejects(readMappingFile(`${folder}/none.yaml`, signal), /none\.yaml: There is no such file\./);
    await Deno.writeTextFile(`${folder}/large.yaml`, "#".repeat(300_000));
    await assert.rejects(readMappingFile(`${folder}/large.yaml`, signal), /large\.yaml: .*300000 bytes/);
    await Deno.writeTextFile(`${folder}/good.yaml`, "lanes: { A: { topic: x } }");
    assert.deepEqual(await readMappingFile(`${folder}/good.yaml`, signal), { lanes: { A: { topic: "x" } } });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
