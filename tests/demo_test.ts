/** The demo as a stranger runs it: in a pipe, on a terminal, with Ctrl-C, with work on the page. */
import assert from "node:assert/strict";
import { eventually } from "./lib/amqp/eventually.ts";

const PERMISSIONS = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-env", "--allow-read=."];

/** A run of the demo; what it prints is gathered and can be waited for. */
class Demo implements AsyncDisposable {
  output = "";
  readonly #process: Deno.ChildProcess;
  readonly #errors: Promise<string>;
  readonly #printed: Promise<void>;

  constructor(command: string, args: readonly string[], env: Record<string, string> = {}) {
    this.#process = new Deno.Command(command, {
      args: [...args],
      cwd: new URL("..", import.meta.url),
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#errors = new Response(this.#process.stderr).text();
    this.#printed = this.#gather(this.#process.stdout);
  }

  /** The address of the portal's page, once it was printed. */
  async page(): Promise<string> {
    const address = () => /Bitrix24:? +(http:[\d./:]+)/.exec(this.output)?.[1];
    await eventually(() => address() !== undefined, "the address of the page");
    return address() ?? "";
  }

  /** What `deno task` makes of one press of Ctrl-C: the signal of the terminal and its own. */
  interrupt(): void {
    this.#process.kill("SIGINT");
    this.#process.kill("SIGINT");
  }

  async type(keys: string): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(keys));
    writer.releaseLock();
  }

  async end() {
    const [{ code }, errors] = await Promise.all([this.#process.status, this.#errors, this.#printed]);
    return { code, lines: this.output.trim().split(/\r?\n/), errors };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stdin.close().catch(() => {});
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.end();
  }

  async #gather(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stdout.pipeThrough(new TextDecoderStream())) this.output += text;
  }
}

function demo(...args: string[]): Demo {
  return new Demo(Deno.execPath(), ["run", ...PERMISSIONS, "demo.ts", ...args]);
}

/** On a pseudo-terminal of 80 columns and 24 rows. */
function demoOnTerminal(...args: string[]): Demo {
  const command = [Deno.execPath(), "run", ...PERMISSIONS, "demo.ts", ...args].join(" ");
  const colours = { TERM: "xterm-256color", NO_COLOR: "" };
  return new Demo("script", ["-qec", `stty cols 80 rows 24; exec ${command}`, "/dev/null"], colours);
}

/** Ids of the tasks that wait on the portal's page. */
async function waitingTasks(page: string): Promise<string[]> {
  const answer = await fetch(page);
  return Array.from((await answer.text()).matchAll(/action="\/tasks\/(\d+)\/decline"/g), ([, id = ""]) => id);
}

/** What a person does with a task that has all its parts; another is left for later. */
async function workOn(taskPage: string): Promise<void> {
  const shown = await (await fetch(taskPage)).text();
  const preparing = shown.includes("Сверить сумму и срок") && shown.includes("Уровень риска");
  const approving = shown.includes("Посмотреть ответы анкеты");
  if (!preparing && !approving) return;
  const items = Array.from(shown.matchAll(/checklist\/\d+/g), ([path]) => path);
  for (const item of items) await post(`${taskPage}/${item}`, { done: "Y" });
  if (preparing) {
    const [registered = "", lawsuits = "", risk = ""] = Array.from(
      shown.matchAll(/name="(q\d+)"/g),
      ([, name]) => name,
    );
    await post(`${taskPage}/questionnaire`, { [registered]: "true", [lawsuits]: "2", [risk]: "средний" });
  }
  assert.match(await post(`${taskPage}/finish`, {}), /добавьте результат/, "the portal does not let one go without it");
  await post(`${taskPage}/finish`, { result: "Готово.", ...approving && { answer: "ДА" } });
  const finished = await (await fetch(taskPage)).text();
  assert.match(finished, /завершена/);
  assert.ok(!finished.includes(`aria-checked="false"`), "all items are ticked");
}

/** Presses a button; returns the page that it leads to. */
async function post(address: string, fields: Record<string, string>): Promise<string> {
  return await (await fetch(address, { method: "POST", body: new URLSearchParams(fields) })).text();
}

Deno.test("the demo carries every instance to its end, once through the loop back, and says so in its last line", async () => {
  await using run = demo("--instances", "6", "--exit");
  const { code, lines, errors } = await run.end();
  assert.equal(errors, "", "nothing is worth a warning");
  assert.equal(lines.at(-1), "demo: 6 started, 6 completed, 0 lost, 0 duplicated");
  assert.equal(code, 0);
  assert.equal(lines.at(-2), "answers of questionnaires in Camunda: 18 of 18");
  assert.match(lines.at(-3) ?? "", /6 of 6 contracts completed; tasks: 14 fetched/, "contract-5 was refused once");
  assert.ok(!run.output.includes("\x1b"), "without a terminal it is a plain log");
});

Deno.test("the demo refuses what is no number of instances", async () => {
  await using run = demo("--instances", "many");
  const { code, errors } = await run.end();
  assert.match(errors, /from 1 to 10000/);
  assert.equal(run.output, "");
  assert.equal(code, 2);
});

Deno.test("the demo explains itself", async () => {
  await using run = demo("--help");
  const { code, errors } = await run.end();
  assert.match(run.output, /deno task demo --people me/);
  assert.equal(errors, "");
  assert.equal(code, 0);
});

Deno.test("a person does all that the tasks ask for on their pages, and Ctrl-C ends the demo that stays up", async () => {
  await using run = demo("--instances", "2", "--people", "me");
  const page = await run.page();
  assert.match(run.output, /You finish the tasks/);
  await eventually(async () => {
    for (const id of await waitingTasks(page)) await workOn(`${page}tasks/${id}`);
    return run.output.includes("2 of 2 contracts completed");
  }, "both contracts completed");
  run.interrupt();
  const { code, lines } = await run.end();
  assert.equal(lines.at(-2), "answers of questionnaires in Camunda: 6 of 6");
  assert.equal(lines.at(-1), "demo: 2 started, 2 completed, 0 lost, 0 duplicated");
  assert.equal(code, 0);
});

Deno.test("what is unfinished when Ctrl-C comes is open, not lost, and one press does not force the end", async () => {
  await using run = demo("--instances", "2", "--people", "me");
  const page = await run.page();
  await eventually(async () => (await waitingTasks(page)).length === 2, "two tasks on the page");
  run.interrupt();
  const { code, lines, errors } = await run.end();
  assert.equal(lines.at(-1), "demo: 2 started, 0 completed, 0 lost, 0 duplicated");
  assert.equal(errors, "");
  assert.equal(code, 0);
});

const onLinux = { ignore: Deno.build.os !== "linux" }; // Others have no `script`, or another one.

Deno.test("on a terminal the demo redraws its panel in place and leaves the cursor visible", onLinux, async () => {
  await using run = demoOnTerminal("--instances", "3", "--exit");
  const { code, lines } = await run.end();
  assert.equal(lines.at(-1), "demo: 3 started, 3 completed, 0 lost, 0 duplicated");
  assert.equal(code, 0);
  assert.match(run.output, /\p{Cc}\[\d+A/u, "the cursor goes back to the top of the panel");
  assert.ok(run.output.includes("\x1b[1mExchanger demo\x1b[0m"), "the title is bold");
  assert.ok(run.output.lastIndexOf("\x1b[?25h") > run.output.lastIndexOf("\x1b[?25l"), "the cursor is back");
});

Deno.test("Ctrl-C on a terminal ends the demo with its last line and the cursor visible", onLinux, async () => {
  await using run = demoOnTerminal("--instances", "2", "--people", "me");
  const page = await run.page();
  await eventually(async () => (await waitingTasks(page)).length === 2, "two tasks on the page");
  await run.type("\x03");
  const { code, lines } = await run.end();
  assert.equal(lines.at(-1), "demo: 2 started, 0 completed, 0 lost, 0 duplicated");
  assert.equal(code, 0);
  assert.ok(run.output.lastIndexOf("\x1b[?25h") > run.output.lastIndexOf("\x1b[?25l"), "the cursor is back");
});
