/** Writes SVG: the only place where marks and quotes of XML are made, so that no text of a diagram becomes one. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; `undefined` attributes are left out. `children` are SVG already, see {@link text}. */
export function svg(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    if (value === undefined) return "";
    return ` ${key}="${typeof value === "number" ? number(value) : text(value)}"`;
  }).join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** At most two decimals: the same drawing gives the same bytes, and no figure of a file makes the text long. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** Escaped for contents and attributes; characters that XML forbids are left out. */
export function text(words: string): string {
  return words.replace(FORBIDDEN, "").replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** A path through points, `M x y L x y…`. */
export function path(points: readonly Spot[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${number(x)} ${number(y)}`).join("");
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Spot {
  readonly width: number;
  readonly height: number;
}
