/** Random trees of scopes: what the parser finds in the XML is what a walk from the task to the root says. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { metadataOf, parseProcessMetadata } from "../../../lib/bpmn/metadata.ts";

interface Scope {
  readonly kind: "subProcess" | "transaction" | "eventSubProcess";
  /** Codes on its boundary, or those an event sub-process starts on. */
  readonly codes: readonly string[];
  readonly loops: boolean;
  readonly properties: Readonly<Record<string, string>>;
  /** In every scope stands one task. */
  readonly task: {
    readonly codes: readonly string[];
    readonly loops: boolean;
    readonly properties: Readonly<Record<string, string>>;
  };
  readonly scopes: readonly Scope[];
}

const codes = fc.subarray(["one", "two", "three", "*"]);
const word = fc.string({ minLength: 1, maxLength: 8, unit: "grapheme-ascii" });
const extended = { codes, loops: fc.boolean(), properties: fc.dictionary(word, word, { maxKeys: 3 }) };

const { scope: anyScope } = fc.letrec<{ scope: Scope }>((tie) => ({
  scope: fc.record({
    ...extended,
    kind: fc.constantFrom("subProcess", "transaction", "eventSubProcess"),
    task: fc.record(extended),
    scopes: fc.oneof({ depthSize: "small" }, fc.constant([]), fc.array(tie("scope"), { maxLength: 3 })),
  }),
}));

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** `prefix` is the file's own for BPMN, `p` for Camunda's extensions. The path of a scope is its id: `S`, `S_0`, `S_0_1`. */
function xmlOf(root: Scope, prefix: string): string {
  const tag = (name: string) => `${prefix}${name}`;
  const element = (name: string, attributes: string, content: string) =>
    `<${tag(name)} ${attributes}>${content}</${tag(name)}>`;
  const errorEvent = (code: string) =>
    `<${tag("errorEventDefinition")}${code === "*" ? "" : ` errorRef="E_${code}"`}/>`;
  const details = ({ loops, properties }: Pick<Scope, "loops" | "properties">) => {
    const list = Object.entries(properties)
      .map(([name, value]) => `<p:property name="${escaped(name)}" value="${escaped(value)}"/>`).join("");
    return element("extensionElements", "", `<p:properties>${list}</p:properties>`) +
      (loops ? `<${tag("multiInstanceLoopCharacteristics")}/>` : "");
  };
  const boundaries = (id: string, codes: readonly string[]) =>
    codes.map((code) =>
      element("boundaryEvent", `id="${id}_on_${code.length}" attachedToRef="${id}"`, errorEvent(code))
    );
  const inside = (scope: Scope, path: string): string =>
    [
      element("serviceTask", `id="T${path}" name="${path}"`, details(scope.task)),
      ...boundaries(`T${path}`, scope.task.codes),
      ...scope.scopes.map((child, index) => {
        const id = `${path}_${index}`;
        const content = details(child) + inside(child, id);
        if (child.kind !== "eventSubProcess") {
          return element(child.kind, `id="${id}"`, content) + boundaries(id, child.codes).join("");
        }
        const starts = child.codes.map((code, index) =>
          element("startEvent", `id="${id}_start${index}"`, errorEvent(code))
        );
        return element("subProcess", `id="${id}" triggeredByEvent="true"`, starts.join("") + content);
      }),
    ].join("");
  const errors = ["one", "two", "three"].map((code) => `<${tag("error")} id="E_${code}" errorCode="${code}"/>`).join(
    "",
  );
  const bpmn = `xmlns${prefix === "" ? "" : `:${prefix.slice(0, -1)}`}="http://www.omg.org/spec/BPMN/20100524/MODEL"`;
  return element(
    "definitions",
    `${bpmn} xmlns:p="http://camunda.org/schema/1.0/bpmn"`,
    errors + element("process", 'id="P"', details({ ...root, loops: false }) + inside(root, "S")),
  );
}

/** Every scope with those around it, nearest first. */
function* chains(scope: Scope, path: string, around: readonly [Scope, string][]): Iterable<readonly [Scope, string][]> {
  const chain: [Scope, string][] = [[scope, path], ...around];
  yield chain;
  for (const [index, child] of scope.scopes.entries()) yield* chains(child, `${path}_${index}`, chain);
}

function expectedCatches(chain: readonly [Scope, string][]): Set<string> {
  const caught = new Set(chain[0]?.[0].task.codes);
  let below: Scope | undefined;
  for (const [scope] of chain) {
    if (below !== undefined && below.kind !== "eventSubProcess") below.codes.forEach((code) => caught.add(code));
    for (const child of scope.scopes) {
      if (child.kind === "eventSubProcess" && child !== below) child.codes.forEach((code) => caught.add(code));
    }
    below = scope;
  }
  return caught;
}

function expectedLoop(chain: readonly [Scope, string][]): string | undefined {
  const path = chain[0]?.[1];
  if (chain[0]?.[0].task.loops) return `T${path}`;
  return chain.slice(0, -1).find(([scope]) => scope.loops)?.[1]; // the last is the process, which cannot loop
}

Deno.test("in any tree of scopes every task has its own properties, the catches around it and the nearest loop", () => {
  fc.assert(
    fc.property(anyScope, fc.constantFrom("", "bpmn:", "semantic:"), (root, prefix) => {
      const parsed = parseProcessMetadata(xmlOf(root, prefix));
      for (const chain of chains(root, "S", [])) {
        const [scope, path] = chain[0] ?? [root, "S"];
        const metadata = metadataOf(parsed, `T${path}`, "P");
        assert.equal(metadata.activityInfo?.name, path);
        assert.deepEqual(metadata.extensionProperties ?? {}, { ...scope.task.properties });
        assert.deepEqual(metadata.processProperties, { ...root.properties });
        assert.deepEqual(new Set(metadata.errorCatches), expectedCatches(chain));
        assert.equal(metadata.loop?.activityId, expectedLoop(chain));
      }
    }),
    { numRuns: 200 },
  );
});
