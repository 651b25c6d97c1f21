/** The picture as PNG. Letters and drawing engine are part of the program: nothing is read from the machine it runs on. */
import arimo from "@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf" with { type: "bytes" };
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import engine from "@resvg/resvg-wasm/index_bg.wasm" with { type: "bytes" };

export interface PngOptions {
  /** Pixels for each unit of the drawing. @default 2 */
  readonly scale?: number;
}

/** A picture takes four bytes of memory for each pixel. */
const MAX_PIXELS = 40_000_000;
const MAX_SIDE = 16_384;

/**
 * Smaller than asked for when it would have more than 40 million pixels.
 * @param svg as {@link renderSvg} makes it: it says how large it is
 */
export async function renderPng(svg: string, { scale = 2 }: PngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = sizeOf(svg);
  const value = Math.min(scale, Math.sqrt(MAX_PIXELS / (width * height)), MAX_SIDE / Math.max(width, height));
  await started();
  const drawing = new Resvg(svg, {
    font: { fontBuffers: [arimo], defaultFontFamily: "Arimo", sansSerifFamily: "Arimo" },
    fitTo: { mode: "zoom", value },
  });
  try {
    const image = drawing.render();
    try {
      return new Uint8Array(image.asPng());
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /^<svg [^>]*?width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  if (width === undefined || height === undefined) throw new Error("The SVG does not say how large it is.");
  return { width: Math.max(Number(width), 1), height: Math.max(Number(height), 1) };
}

/** The engine takes 2 MB, so it is started when the first picture is drawn, and it refuses to be started twice in a process. */
let start: Promise<unknown> | undefined;

function started(): Promise<unknown> {
  start ??= initWasm(engine);
  return start;
}
