import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { compile, programs } from "../../deploy/compile.ts";

for (const { name, options } of programs) {
  Deno.test(`deno task ${name} gives the program what its executable gets`, () => {
    const tasks: Readonly<Record<string, string>> = project.tasks;
    assert.equal(tasks[name], `deno run ${options.join(" ")} ${name}.ts`);
  });

  Deno.test(`the ${name} may run nothing, load nothing and ask nothing of the machine`, () => {
    const names = options.map((option) => option.split("=")[0]);
    assert.deepEqual(names.filter((name) => name !== "--v8-flags"), [
      "--no-prompt",
      "--allow-net",
      "--allow-env",
      "--allow-read",
      "--allow-write",
    ]);
  });
}

Deno.test("what cannot be compiled is told with the compiler's own words", async () => {
  const output = await Deno.makeTempDir({ prefix: "exchanger-compile-" });
  try {
    await assert.rejects(
      () => compile({ name: "no_such_program", options: [] }, { output }),
      /no_such_program could not be compiled:\n.*no_such_program\.ts/s,
    );
    assert.deepEqual([...Deno.readDirSync(output)], []);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});

Deno.test("deno task compile refuses a program that there is not, and says which are meant", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "deploy/compile.ts", "traker"],
    cwd: new URL("../..", import.meta.url),
  }).output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stderr), /'traker' is invalid.* Did you mean tracker\?/);
});
