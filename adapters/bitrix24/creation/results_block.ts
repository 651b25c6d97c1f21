/** The block of a description that shows what people wrote as results of the tasks before. */
import { escapeBb } from "./description.ts";

export interface TaskResults {
  readonly taskId: string;
  readonly results: readonly TaskResult[];
}

export interface TaskResult {
  readonly text: string;
  readonly files: readonly ResultFile[];
}

export interface ResultFile {
  readonly name: string;
  /** Of the portal's drive; `undefined` when the portal does not show it. */
  readonly objectId: number | undefined;
}

/** Tasks without results are left out; without any there is no block. */
export function resultsBlock(tasks: readonly TaskResults[]): string {
  const shown = tasks.filter(({ results }) => results.length > 0).flatMap(({ taskId, results }) => [
    `[B]Задача №${taskId}:[/B]`,
    ...results.flatMap(({ text, files }, index) => [
      ...(text === "" ? [] : [`  ${results.length > 1 ? `${index + 1}. ` : ""}${escapeBb(text)}`]),
      ...(files.length === 0 ? [] : [`     Файлы: ${files.map(({ name }) => escapeBb(name || "файл")).join(", ")}`]),
    ]),
    "",
  ]);
  return shown.length === 0 ? "" : ["[B]Результаты предшествующих задач:[/B]", "", ...shown].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { "&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** The portal keeps results as HTML text. One pass: what was written as `&lt;` stays so. */
export function plainResult(text: string): string {
  return text.replace(/&(quot|amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity).replaceAll("\u00a0", " ");
}
