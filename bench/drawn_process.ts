/** A diagram of any size as an analyst draws it: tasks, questions with «да» and «нет», joins, lanes, a picture. */
import { type Box, diagram, flow, node, picture } from "../tests/lib/bpmn/convert/drawing.ts";

/** A block has five nodes and six flows; start, end and the last flow come on top. */
const BLOCK = 11;
const BESIDE_BLOCKS = 3;
/** Ids of one length, as editors make them: a diagram of ten times the elements has ten times the text. */
const ID_DIGITS = 7;
const COLUMN = 140;
const BLOCKS_IN_A_ROW = 20;

/**
 * @param elements nodes and flows, at least; each has its shape or edge besides
 * @param which another one has other ids and names
 */
export function drawnProcess(elements: number, which = 0): string {
  const blocks = Math.ceil((elements - BESIDE_BLOCKS) / BLOCK);
  const parts = [node("startEvent", "S", "Заявка")];
  const flows: string[] = [];
  const boxes: Record<string, Box> = { S: box(0, 0, 36, 36) };
  const lead = (from: string, to: string, label?: string) => {
    parts.push(flow(from, to, label));
    flows.push(`${from}_${to}`);
  };
  let last = "S";
  for (let row = 0; row < blocks; row++) {
    const block = which * blocks + row;
    const [task, question, yes, no, join] = ["T", "Q", "Y", "N", "J"].map((letter) =>
      `${letter}${String(block).padStart(ID_DIGITS, "0")}`
    );
    const x = 1 + 4 * (row % BLOCKS_IN_A_ROW);
    const y = 3 * Math.floor(row / BLOCKS_IN_A_ROW);
    parts.push(
      node("task", `${task}`, `Проверить документы ${block}`),
      node("exclusiveGateway", `${question}`, `Всё в порядке ${block}?`),
      node("userTask", `${yes}`, `Согласовать ${block}`),
      node("manualTask", `${no}`, `Вернуть ${block}`),
      node("exclusiveGateway", `${join}`),
    );
    Object.assign(boxes, {
      [`${task}`]: box(x, y, 100, 80),
      [`${question}`]: box(x + 1, y, 50, 50),
      [`${yes}`]: box(x + 2, y, 100, 80),
      [`${no}`]: box(x + 2, y + 1, 100, 80),
      [`${join}`]: box(x + 3, y, 50, 50),
    });
    lead(last, `${task}`);
    lead(`${task}`, `${question}`);
    lead(`${question}`, `${yes}`, "да");
    lead(`${question}`, `${no}`, "нет");
    lead(`${yes}`, `${join}`);
    lead(`${no}`, `${join}`);
    last = `${join}`;
  }
  parts.push(node("endEvent", "E", "Готово"));
  boxes["E"] = box(1 + 4 * BLOCKS_IN_A_ROW, 0, 36, 36);
  lead(last, "E");
  return diagram(parts.join(""), { picture: picture(boxes, flows) });
}

/** In the middle of its place in the grid. */
function box(column: number, row: number, width: number, height: number): Box {
  return { x: column * COLUMN + (COLUMN - width) / 2, y: row * 120 + (120 - height) / 2, width, height };
}
