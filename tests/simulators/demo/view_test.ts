import assert from "node:assert/strict";
import type { DemoState } from "../../../simulators/demo/state.ts";
import { columnsOf, plainText } from "../../../simulators/demo/text.ts";
import { demoView, durationText } from "../../../simulators/demo/view.ts";

const state: DemoState = {
  options: { instances: 20, exit: false, people: "simulated" },
  elapsedMs: 12_400,
  deployedVersion: 1,
  completed: 8,
  tasks: { fetched: 41, published: 41, created: 40, answered: 34, completed: 33 },
  openTasks: 6,
  happenings: [
    { text: "contract-1: Prepare waits for a person", tone: "plain" },
    { text: "contract-2: Prepare waits for a person", tone: "plain" },
    { text: "contract-5: refused, goes back to Prepare", tone: "odd" },
    { text: "contract-3: Approve is done", tone: "plain" },
    { text: "contract-4: Approve is done", tone: "plain" },
    { text: "contract-3: completed", tone: "good" },
  ],
  pages: {
    bitrix24: "http://127.0.0.1:41919/",
    camunda: "http://127.0.0.1:43337/engine-rest/history/process-instance",
  },
  phase: "running",
};

const view = (more: Partial<DemoState> = {}, columns = 80, rows = 24) =>
  demoView({ ...state, ...more }, { columns, rows }).map(plainText);

Deno.test("the panel shows progress, the stations, what happened, the addresses and how to end", () => {
  assert.deepEqual(view(), [
    "Exchanger demo  12.4 s  real programs between simulated systems",
    "«Согласование договора»: drawn in StormBPMN, deployed by sync as version 1",
    "",
    `${"█".repeat(20)}${"░".repeat(30)}  8 of 20 contracts completed`,
    "",
    ` worker  fetched from Camunda    41 ${"█".repeat(43)}`,
    ` worker  published to a queue    41 ${"█".repeat(43)}`,
    ` creator created in Bitrix24     40 ${"█".repeat(41)}`,
    ` people  open in Bitrix24         6 ${"█".repeat(6)}`,
    ` tracker found finished          34 ${"█".repeat(35)}`,
    ` worker  completed in Camunda    33 ${"█".repeat(34)}`,
    "",
    "contract-2: Prepare waits for a person",
    "contract-5: refused, goes back to Prepare",
    "contract-3: Approve is done",
    "contract-4: Approve is done",
    "contract-3: completed",
    "",
    "Bitrix24  http://127.0.0.1:41919/",
    "Camunda   http://127.0.0.1:43337/engine-rest/history/process-instance",
    "",
    "Simulated people finish the tasks.",
    "Ctrl-C ends the demo.",
  ]);
});

Deno.test("no line is wider than the terminal and all fit above the cursor, whatever its size", () => {
  for (const columns of [1, 2, 5, 9, 10, 20, 34, 39, 40, 41, 57, 60, 71, 79, 80, 81, 120, 200]) {
    for (const rows of [2, 3, 6, 7, 10, 13, 14, 15, 18, 22, 23, 24, 25, 60]) {
      const lines = demoView(state, { columns, rows });
      assert.ok(lines.length < rows, `${lines.length} lines on ${columns}x${rows}`);
      // The last column stays free: some terminals wrap after it.
      const limit = Math.max(columns - 1, 1);
      for (const line of lines) assert.ok(columnsOf(line) <= limit, `"${plainText(line)}" on ${columns}x${rows}`);
    }
  }
});

Deno.test("on 40x15 the stations, whole addresses and the way out are still there", () => {
  const lines = view({}, 40, 15);
  assert.equal(lines.length, 14);
  assert.equal(lines[2], "████░░░░░░  8 of 20 contracts completed");
  assert.ok(lines.includes(" worker  completed in Camunda    33"));
  assert.ok(lines.join("").includes(state.pages.camunda), "an address is broken, not cut");
  assert.equal(lines.at(-1), "Ctrl-C ends the demo.");
});

Deno.test("the panel keeps its height while happenings come in", () => {
  assert.equal(view({ happenings: [] }).length, view().length);
});

Deno.test("before the first end the bar is empty, at the last it is full and never before", () => {
  const barOf = (completed: number, instances: number) => {
    return view({ completed, options: { ...state.options, instances } })[3] ?? "";
  };
  assert.match(barOf(0, 20), /^░+ {2}0 of 20 contracts completed$/);
  assert.match(barOf(1, 10_000), /^█░+ {5}1 of 10000 contracts completed$/);
  assert.match(barOf(9_999, 10_000), /^█+░ {2}9999 of 10000 contracts completed$/);
  assert.match(barOf(20, 20), /^█+ 20 of 20 contracts completed$/);
});

Deno.test("until sync has seen the diagram it is only drawn", () => {
  assert.equal(
    view({ deployedVersion: undefined })[1],
    "«Согласование договора»: drawn in StormBPMN, not deployed yet",
  );
});

Deno.test("nothing fetched yet leaves the stations empty", () => {
  const tasks = { fetched: 0, published: 0, created: 0, answered: 0, completed: 0 };
  const lines = view({ completed: 0, tasks, openTasks: 0, happenings: [] });
  assert.equal(lines[5], " worker  fetched from Camunda     0 ");
});

Deno.test("a Cyrillic letter takes one column, also one of two code points", () => {
  const text = "Договор-1: согласующии\u0306 ответил НЕТ";
  const lines = view({ happenings: [{ text, tone: "plain" }] });
  assert.ok(lines.includes(text), "what fits is not cut");
  assert.equal(columnsOf([text]), 34);
  const narrow = view({ happenings: [{ text, tone: "plain" }] }, 24, 40);
  assert.ok(narrow.includes("Договор-1: согласующии\u0306…"), "23 columns hold 22 letters and the ellipsis");
});

Deno.test("the view says who works and how it ends", () => {
  const lastTwo = (more: Partial<DemoState>) => view(more).slice(-2);
  const options = { ...state.options, people: "me" } as const;
  assert.deepEqual(lastTwo({ options }), ["You finish the tasks: open Bitrix24.", "Ctrl-C ends the demo."]);
  assert.deepEqual(lastTwo({ options: { ...state.options, exit: true } }), [
    "Simulated people finish the tasks.",
    "The demo ends with the last contract.",
  ]);
  assert.deepEqual(lastTwo({ completed: 20 }), ["All contracts are completed.", "Ctrl-C ends the demo."]);
  assert.deepEqual(lastTwo({ phase: "ending" }), ["Finishing what is in hand.", "Ctrl-C again ends at once."]);
});

Deno.test("in the end the addresses, where nobody answers any more, are gone", () => {
  const lines = view({ phase: "over" });
  assert.ok(!lines.join("\n").includes("http"));
  assert.equal(lines.at(-1), "The demo has ended before its contracts.");
  assert.equal(view({ phase: "over", completed: 20 }).at(-1), "All contracts are completed.");
});

Deno.test("durations read as people say them", () => {
  assert.equal(durationText(0), "0.0 s");
  assert.equal(durationText(59_999), "59.9 s");
  assert.equal(durationText(125_000), "2 min 05 s");
});
