/**
 * Every process that has content becomes executable, keeps its id, which is its key in Camunda, and is named after its pool.
 * The engine keeps the history of its instances for a year unless the diagram says otherwise.
 */
import { is, type Process } from "../model.ts";
import { type Conversion, nodesIn, processesOf } from "./conversion.ts";
import { defaultHistoryDays } from "./options.ts";
import { oneLine } from "./report.ts";

const UNNAMED = "Автоматически сконвертированный процесс";

export function makeExecutable(conversion: Conversion): void {
  const { definitions, options, report } = conversion;
  const processes = processesOf(conversion);
  const pools = definitions.rootElements.flatMap((root) => is(root, "bpmn:Collaboration") ? root.participants : []);
  const withContent = processes.filter((process) => nodesIn(process).length > 0);
  if (processes.length === 0) {
    report.refuse(undefined, "There is no process in the diagram, so there is nothing to execute.");
  } else if (withContent.length === 0) {
    for (const process of processes) report.refuse(process, "the process is empty, so there is nothing to execute.");
  }
  for (const process of processes) {
    const pool = pools.find(({ processRef }) => processRef === process);
    process.name = oneLine(pool?.name) || oneLine(process.name) || UNNAMED;
    if (withContent.includes(process)) execute(process, options.historyTimeToLiveDays ?? defaultHistoryDays);
    else {
      process.isExecutable = false;
      if (withContent.length > 0) {
        report.leftOut(process, "The process is empty; it stays in the file, not executable.");
      }
    }
  }
}

function execute(process: Process, historyDays: number): void {
  process.isExecutable = true;
  if (!process.historyTimeToLive) process.historyTimeToLive = String(historyDays);
}
