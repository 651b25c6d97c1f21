import assert from "node:assert/strict";
import fc from "fast-check";
import { BpmnParseError } from "../../../lib/bpmn/bpmn_parse_error.ts";
import { parseXml } from "../../../lib/bpmn/xml_tree.ts";

const LIMITS = { maxBytes: 100_000 };

function refusal(xml: string): string {
  try {
    parseXml(xml, LIMITS);
  } catch (error) {
    assert.ok(error instanceof BpmnParseError, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: "was not refused" });
}

Deno.test("namespaces are resolved, also where a nested element declares its own prefix", () => {
  const root = parseXml(
    '<a:r xmlns:a="urn:1" a:x="1" y="2"><b xmlns="urn:2"/><a:c xmlns:a="urn:3" a:z="4"/></a:r>',
    LIMITS,
  );
  assert.deepEqual([root.namespace, root.name], ["urn:1", "r"]);
  assert.deepEqual([root.attributes.get("{urn:1}x"), root.attributes.get("y")], ["1", "2"]);
  const [b, c] = root.children;
  assert.deepEqual([b?.namespace, c?.namespace, c?.attributes.get("{urn:3}z")], ["urn:2", "urn:3", "4"]);
});

Deno.test("XML's own entities and character numbers are decoded once, and never inside CDATA", () => {
  const root = parseXml('<r x="a&#10;b&quot;">&amp;lt; &#x416;<!-- c --><![CDATA[&amp;<]]></r>', LIMITS);
  assert.equal(root.attributes.get("x"), 'a\nb"');
  assert.equal(root.text, "&lt; Ж&amp;<");
});

Deno.test("white space typed into an attribute reads as blanks", () => {
  assert.equal(parseXml('<r x="a\n\tb"/>', LIMITS).attributes.get("x"), "a  b");
});

Deno.test("a document with entities of its own is refused instead of expanded", () => {
  const bomb = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><r x="1">&b;</r>';
  assert.match(refusal(bomb), /refers to an entity other than/);
  refusal('<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><r>&a;</r>');
  refusal("<r>a & b</r>");
  refusal("<r>&#xD800;</r>");
});

Deno.test("a document over the size limit is refused before it is parsed", () => {
  assert.match(refusal(`<r>${"ж".repeat(60_000)}</r>`), /has 120007 bytes; at most 100000/);
});

Deno.test("elements nested beyond any diagram are refused", () => {
  refusal("<r>".repeat(300) + "</r>".repeat(300));
});

Deno.test("half a document is refused instead of being taken for a whole one", () => {
  refusal("<r><a></r>");
  refusal("<r><a/>");
  refusal("");
  refusal("no XML at all");
});

Deno.test("arbitrary text is parsed or refused with an error of our own, never with another", () => {
  const shards = fc.constantFrom(
    "<",
    ">",
    "/",
    "a",
    ":",
    "=",
    '"',
    "&",
    ";",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<!DOCTYPE",
    " ",
    "__proto__",
    "xmlns",
  );
  const text = fc.oneof(fc.string(), fc.array(shards, { maxLength: 30 }).map((parts) => `<r>${parts.join("")}</r>`));
  fc.assert(
    fc.property(text, (xml) => {
      try {
        parseXml(xml, LIMITS);
      } catch (error) {
        assert.ok(error instanceof BpmnParseError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("every text survives as an attribute and as content", () => {
  // XML 1.0 cannot hold other control characters.
  const text = fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("\t", "\r", "\n", "&amp;")))
    .map((parts) => parts.join("")).filter((text) => !/(?![\t\r\n])\p{Cc}/u.test(text));
  const escaped = (text: string) => text.replace(/[&<>"\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
  fc.assert(
    fc.property(text, (text) => {
      const root = parseXml(`<r x="${escaped(text)}">${escaped(text)}</r>`, LIMITS);
      assert.deepEqual([root.attributes.get("x"), root.text], [text, text]);
    }),
    { numRuns: 500 },
  );
});
