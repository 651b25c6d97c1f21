/** The diagrams of the simulated team, and what people do to them: each change has its time, and a drawing its version. */
import type { Clock } from "../../lib/time/clock.ts";
import { StormRefusal } from "./storm_refusal.ts";

export interface NewDiagram {
  /** A UUID. @default the next of a fixed series */
  readonly id?: string;
  readonly name: string;
  /** The drawing, as BPMN 2.0. */
  readonly xml: string;
  /** @default "IN_PROGRESS" */
  readonly status?: string;
  /** @default "BPMN" */
  readonly type?: string;
  /** @default "analyst@example.com" */
  readonly author?: string;
  /** 0 to 10. @default 10 */
  readonly quality?: number;
  /** @default true */
  readonly isPublic?: boolean;
}

/** A diagram as StormBPMN keeps it. */
export interface StoredDiagram {
  readonly id: string;
  name: string;
  xml: string;
  status: string;
  readonly type: string;
  readonly author: string;
  updatedBy: string;
  quality: number;
  isPublic: boolean;
  versionNumber: number;
  readonly createdMs: number;
  updatedMs: number;
  /** Elements that people linked with other diagrams. */
  readonly links: { readonly fromItemId: string; readonly toDiagramId: string }[];
  readonly assignees: StoredAssignee[];
  /** Whoever the key and the token belong to may see it. */
  isVisible: boolean;
}

export interface NewAssignee {
  readonly elementId: string;
  readonly elementName?: string;
  readonly assigneeId?: number | null;
  readonly assigneeName?: string | null;
  /** @default "HUMAN" */
  readonly assigneeType?: string;
  /** HTML. */
  readonly description?: string | null;
  /** Seconds. */
  readonly duration?: number;
}

export interface StoredAssignee extends NewAssignee {
  readonly assigneeEdgeId: number;
  readonly updatedBy: string;
  readonly updatedMs: number;
}

const ANALYST = "analyst@example.com";

export class Diagrams {
  readonly #diagrams = new Map<string, StoredDiagram>();
  #lastId = 0;
  #lastEdge = 1000;

  constructor(private readonly clock: Clock) {}

  /** Puts one, as if a person had just drawn it, and returns its id. */
  add(diagram: NewDiagram): string {
    const nowMs = this.clock.now();
    const id = diagram.id ?? `00000000-0000-4000-8000-${String(++this.#lastId).padStart(12, "0")}`;
    const author = diagram.author ?? ANALYST;
    this.#diagrams.set(id, {
      id,
      name: diagram.name,
      xml: diagram.xml,
      status: diagram.status ?? "IN_PROGRESS",
      type: diagram.type ?? "BPMN",
      author,
      updatedBy: author,
      quality: diagram.quality ?? 10,
      isPublic: diagram.isPublic ?? true,
      versionNumber: 1,
      createdMs: nowMs,
      updatedMs: nowMs,
      links: [],
      assignees: [],
      isVisible: true,
    });
    return id;
  }

  /** A person saves another drawing: a new version. */
  redraw(id: string, xml: string, by = ANALYST): void {
    const diagram = this.#changed(id, by);
    diagram.xml = xml;
    diagram.versionNumber++;
  }

  rename(id: string, name: string, by = ANALYST): void {
    this.#changed(id, by).name = name;
  }

  /** `NEW`, `IN_PROGRESS`, `DONE`, `ARCHIVED`. */
  setStatus(id: string, status: string, by = ANALYST): void {
    this.#changed(id, by).status = status;
  }

  /** Somebody becomes responsible for an element, or describes it; a second one stands beside the first. */
  assign(id: string, assignee: NewAssignee, by = ANALYST): void {
    const { assignees, updatedMs } = this.#changed(id, by);
    assignees.push({ ...assignee, assigneeEdgeId: ++this.#lastEdge, updatedBy: by, updatedMs });
  }

  /** Links an element, mostly a call activity, with another diagram. */
  link(id: string, fromItemId: string, toDiagramId: string, by = ANALYST): void {
    this.#changed(id, by).links.push({ fromItemId, toDiagramId });
  }

  /** Whoever the key and the token belong to loses the right to see it: it leaves the list and answers 403. */
  hide(id: string): void {
    this.#of(id).isVisible = false;
  }

  remove(id: string): void {
    this.#diagrams.delete(id);
  }

  /** All that can be seen, in the order in which they were put. */
  visible(): readonly StoredDiagram[] {
    return [...this.#diagrams.values()].filter(({ isVisible }) => isVisible);
  }

  /** @throws {StormRefusal} 404 or 403 */
  get(id: string): StoredDiagram {
    const diagram = this.#diagrams.get(id);
    if (diagram === undefined) throw new StormRefusal(404, `Diagram ${id} not found`);
    if (!diagram.isVisible) throw new StormRefusal(403, "Access is denied");
    return diagram;
  }

  nameOf(id: string): string | null {
    return this.#diagrams.get(id)?.name ?? null;
  }

  #changed(id: string, by: string): StoredDiagram {
    const diagram = this.#of(id);
    diagram.updatedMs = this.clock.now();
    diagram.updatedBy = by;
    return diagram;
  }

  #of(id: string): StoredDiagram {
    const diagram = this.#diagrams.get(id);
    if (diagram === undefined) throw new Error(`There is no diagram ${id}`);
    return diagram;
  }
}
