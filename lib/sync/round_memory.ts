/** What is remembered of diagrams from one look to the next, so that they are not pulled again for nothing. */
import type { DiagramSummary } from "../stormbpmn/diagram.ts";
import type { RoundOutcome } from "./synchroniser.ts";

export class RoundMemory {
  readonly #settled = new Map<string, { readonly stamp: string; readonly outcome: RoundOutcome }>();

  /**
   * What became of exactly this drawing, if it need not be tried again.
   * @param deployedId of the definition that is deployed of it
   */
  recall(diagram: DiagramSummary, deployedId: string | undefined): RoundOutcome | undefined {
    const known = this.#settled.get(diagram.id);
    return known?.stamp === stampOf(diagram, deployedId) ? known.outcome : undefined;
  }

  /** Refused diagrams wait for their analyst: trying them at each look would only spend StormBPMN's requests. */
  note(diagram: DiagramSummary, deployedId: string | undefined, outcome: RoundOutcome): void {
    if (outcome.kind === "refused" || outcome.kind === "unchanged") {
      this.#settled.set(diagram.id, { stamp: stampOf(diagram, deployedId), outcome });
    } else {
      this.#settled.delete(diagram.id);
    }
  }
}

function stampOf({ versionNumber, updatedOn }: DiagramSummary, deployedId: string | undefined): string {
  return JSON.stringify([versionNumber, updatedOn, deployedId]);
}
