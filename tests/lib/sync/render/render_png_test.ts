import assert from "node:assert/strict";
import { renderPng } from "../../../../lib/sync/render/render_png.ts";
import { renderSvg } from "../../../../lib/sync/render/render_svg.ts";
import { diagram, node, picture } from "./picturing.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function sizeOf(png: Uint8Array): { width: number; height: number } {
  assert.deepEqual([...png.subarray(0, 8)], SIGNATURE);
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

async function pictureOf(name: string): Promise<string> {
  return await renderSvg(diagram(node("task", "T", name), picture("T")));
}

Deno.test("a picture has two pixels for each unit, or as many as asked for", async () => {
  const svg = await pictureOf("Проверить");
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  assert.deepEqual(sizeOf(await renderPng(svg)), { width: Number(width) * 2, height: Number(height) * 2 });
  assert.deepEqual(sizeOf(await renderPng(svg, { scale: 1 })), { width: Number(width), height: Number(height) });
});

Deno.test("letters are drawn, Cyrillic and Latin: other words give another picture, the same ones the same bytes", async () => {
  const drawn = async (name: string) => await renderPng(await pictureOf(name));
  assert.notDeepEqual(await drawn("Юрист"), await drawn("Ярист"));
  assert.notDeepEqual(await drawn("Jurist"), await drawn("Durist"));
  assert.deepEqual(await drawn("Юрист"), await drawn("Юрист"));
});

Deno.test("a huge picture gets no more pixels than memory allows", async () => {
  const svg = await renderSvg(diagram(
    node("task", "A") + node("task", "B"),
    picture("A") + picture("B", { x: "15000", y: "9000" }),
  ));
  const { width, height } = sizeOf(await renderPng(svg));
  assert.ok(width * height <= 41_000_000);
  assert.ok(Math.max(width, height) <= 16_384);
});
