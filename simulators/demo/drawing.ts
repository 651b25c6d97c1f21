/** What an analyst has to do for the demo: the diagram of the process, drawn in StormBPMN. */
import type { StormSimulator } from "../stormbpmn/simulator.ts";
import { PROCESS_NAME } from "./contract.ts";
import drawn from "./contract_approval.bpmn" with { type: "text" };

/** From then on StormBPMN shows it, finished, to whoever looks for diagrams. */
export function drawProcess({ diagrams }: Pick<StormSimulator, "diagrams">): void {
  diagrams.add({ name: PROCESS_NAME, xml: drawn, status: "DONE" });
}
