/** The description of an element, which is HTML of one editor or another or plain text, as lines and lists. */
import type { ChecklistItem } from "./checklist.ts";

export type Line =
  | { readonly kind: "text"; readonly text: string; readonly links: readonly string[] }
  | { readonly kind: "list"; readonly items: readonly ChecklistItem[] };

/** Items that nest by indentation, as Quill writes them, nest here too. Blank lines and empty items are left out. */
export function htmlLines(description: string): Line[] {
  return new LineReader().read(unescapedOnce(description));
}

/** All its text, lists included, without tags, in one line. */
export function htmlText(description: string): string {
  return oneLine(decoded(unescapedOnce(description).replace(/<[^>]*>/g, " ")));
}

interface OpenItem {
  text: string;
  readonly items: OpenItem[];
}

interface OpenList {
  readonly items: OpenItem[];
  /** The item that the list stands in. */
  readonly within: OpenItem | undefined;
}

const TOKEN = /<!--[\s\S]*?-->|<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>|[^<]+|</g;
const BREAKING: ReadonlySet<string> = new Set(
  ["p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "table", "blockquote", "pre"],
);

class LineReader {
  readonly #lines: Line[] = [];
  #text = "";
  #links: string[] = [];
  /** From outside in. */
  readonly #lists: OpenList[] = [];
  /** Where text goes while a list is open. */
  #item: OpenItem | undefined;

  read(html: string): Line[] {
    for (const [token, slash, name, attributes = ""] of html.matchAll(TOKEN)) {
      if (name !== undefined) this.#tag(name.toLowerCase(), slash === "/", attributes);
      else if (!token.startsWith("<!--")) this.#characters(decoded(token));
    }
    while (this.#lists.length > 0) this.#closeList();
    this.#endLine();
    return this.#lines;
  }

  #tag(name: string, isEnd: boolean, attributes: string): void {
    if (name === "ul" || name === "ol") {
      if (isEnd) this.#closeList();
      else this.#openList();
    } else if (name === "li") {
      if (isEnd) this.#item = undefined;
      else this.#openItem(Number(/\bql-indent-(\d)/.exec(attributes)?.[1] ?? 0));
    } else if (BREAKING.has(name)) {
      if (this.#item !== undefined) this.#item.text += " ";
      else if (this.#lists.length === 0) this.#endLine();
    } else if (name === "a" && !isEnd && this.#lists.length === 0) {
      const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes);
      if (href) this.#links.push(decoded(href[1] ?? href[2] ?? href[3] ?? ""));
    }
  }

  #openList(): void {
    if (this.#lists.length === 0) this.#endLine();
    this.#lists.push({ items: this.#item?.items ?? [], within: this.#item });
    this.#item = undefined;
  }

  #closeList(): void {
    const list = this.#lists.pop();
    this.#item = list?.within;
    if (list === undefined || this.#lists.length > 0) return;
    const items = list.items.map(finished).filter(isFilled);
    if (items.length > 0) this.#lines.push({ kind: "list", items });
  }

  #openItem(indent: number): void {
    if (this.#lists.length === 0) this.#openList();
    let items = this.#lists.at(-1)?.items ?? [];
    for (let level = 0; level < indent; level++) items = items.at(-1)?.items ?? items;
    this.#item = { text: "", items: [] };
    items.push(this.#item);
  }

  /** Plain text breaks where it is broken, and before each bullet. */
  #characters(text: string): void {
    if (this.#lists.length > 0) {
      if (this.#item !== undefined) this.#item.text += text;
      return;
    }
    for (const [index, part] of text.replaceAll("•", "\n•").split("\n").entries()) {
      if (index > 0) this.#endLine();
      this.#text += part;
    }
  }

  #endLine(): void {
    const text = oneLine(this.#text);
    if (text !== "") this.#lines.push({ kind: "text", text, links: this.#links });
    this.#text = "";
    this.#links = [];
  }
}

function finished({ text, items }: OpenItem): ChecklistItem {
  return { text: oneLine(text), items: items.map(finished).filter(isFilled) };
}

function isFilled({ text, items }: ChecklistItem): boolean {
  return text !== "" || items.length > 0;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Some descriptions come with their tags escaped. */
function unescapedOnce(description: string): string {
  return !description.includes("<") && description.includes("&lt;") ? decoded(description) : description;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
  ["ndash", "–"],
  ["mdash", "—"],
  ["laquo", "«"],
  ["raquo", "»"],
  ["bull", "•"],
  ["hellip", "…"],
]);

/** Unknown entities stay as they are. */
function decoded(text: string): string {
  return text.replace(/&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});/g, (whole: string, reference: string) => {
    if (!reference.startsWith("#")) return ENTITIES.get(reference.toLowerCase()) ?? whole;
    const isHex = /^#x/i.test(reference);
    const code = Number.parseInt(reference.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
