import assert from "node:assert/strict";
import { XMLValidator } from "fast-xml-parser";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { renderSvg } from "../../../../lib/sync/render/render_svg.ts";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { parseXml, type XmlElement } from "../../../../lib/bpmn/xml_tree.ts";
import { diagram, node, picture } from "./picturing.ts";

function* insideOf(element: XmlElement): Iterable<XmlElement> {
  yield element;
  for (const child of element.children) yield* insideOf(child);
}

function elementsOf(svg: string): XmlElement[] {
  return [...insideOf(parseXml(svg, { maxBytes: 10_000_000 }))];
}

function idsIn(svg: string): string[] {
  return elementsOf(svg).flatMap(({ attributes }) => attributes.get("data-element-id") ?? []);
}

function wordsIn(svg: string): string {
  return elementsOf(svg).filter(({ name }) => name === "tspan").map(({ text }) => text).join(" ");
}

Deno.test("every shape and line of a drawing is in its picture, drawn and converted", async () => {
  for (const { name, xml } of drawnDiagrams) {
    const result = await convert(xml);
    assert.equal(result.kind, "converted", name);
    for (const drawing of [xml, result.xml]) {
      const svg = await renderSvg(drawing);
      assert.equal(XMLValidator.validate(svg), true, name);
      const wanted = [...drawing.matchAll(/<bpmndi:BPMN(?:Shape|Edge) [^>]*bpmnElement="([^"]+)"/g)].map(([, id]) =>
        id
      );
      assert.deepEqual(idsIn(svg).sort(), wanted.sort(), name);
      assert.equal(await renderSvg(drawing), svg, "the same file gives the same bytes");
      assert.ok(!/NaN|undefined|Infinity/.test(svg), name);
    }
  }
});

Deno.test("names are shown whole, in Cyrillic, inside and beside the shapes", async () => {
  const [contract] = drawnDiagrams;
  const words = wordsIn(await renderSvg(contract?.xml ?? ""));
  for (const name of ["Подготовить", "договора", "Юрист", "больше", "нет", "Сумма с НДС", "Проект"]) {
    assert.ok(words.includes(name), name);
  }
});

Deno.test("texts cannot become marks, and colours nothing but colours", async () => {
  const evil = `&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;'`;
  const svg = await renderSvg(diagram(
    node("task", "T", evil),
    picture("T", {
      extra:
        `xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" bioc:fill="url(http://evil.example)" bioc:stroke="#ff0000"`,
    }),
  ));
  assert.equal(XMLValidator.validate(svg), true);
  assert.ok(!svg.includes("<script"));
  assert.ok(!svg.includes("evil.example"));
  assert.ok(svg.includes('stroke="#ff0000"'));
});

Deno.test("what is inside a collapsed sub-process is drawn below, under its name, or not at all", async () => {
  const permits = drawnDiagrams.find(({ processKey }) => processKey === "Process_permits")?.xml ?? "";
  const [all, first] = [await renderSvg(permits), await renderSvg(permits, { planes: "first" })];
  assert.ok(idsIn(all).includes("Activity_geo"));
  assert.ok(!idsIn(first).includes("Activity_geo"));
  const headings = elementsOf(all).filter(({ name, attributes }) =>
    name === "text" && attributes.get("font-size") === "15"
  );
  assert.deepEqual(headings.map(({ text }) => text), ["Провести изыскания"]);
});

Deno.test("places that are none are left out, and far ones do not make the picture endless", async () => {
  const svg = await renderSvg(diagram(
    node("task", "A", "A") + node("task", "B", "B") + node("task", "C", "C"),
    picture("A") + picture("B", { x: "1e300" }) + picture("C", { x: "900000" }),
  ));
  assert.deepEqual(idsIn(svg), ["A", "C"]);
  const [, width = "0"] = /width="(\d+)"/.exec(svg) ?? [];
  assert.ok(Number(width) <= 16_384);
});

Deno.test("a file that cannot be drawn says why", async () => {
  await assert.rejects(renderSvg("hello"), /^Error: The file cannot be drawn\. .*not XML/);
  await assert.rejects(renderSvg(diagram(node("task", "T"))), /has no layout/);
  const many = Array.from({ length: 20_001 }, () => picture("T")).join("");
  await assert.rejects(renderSvg(diagram(node("task", "T"), many)), /20001 elements; at most 20000/);
});

Deno.test("the picture of a large diagram stays in proportion", async () => {
  const count = 2000;
  const ids = Array.from({ length: count }, (_, index) => `T${index}`);
  const svg = await renderSvg(diagram(
    ids.map((id) => node("userTask", id, "Согласовать договор ".repeat(40))).join(""),
    ids.map((id, index) => picture(id, { x: String(index % 50 * 150), y: String(Math.floor(index / 50) * 120) })).join(
      "",
    ),
  ));
  assert.ok(svg.length < count * 2500, `${svg.length}`);
});
