/**
 * What the add-on `imena.camunda` knows: diagrams with their properties, who does which element, task templates,
 * supervisors, and the questionnaires that it put into tasks. A test fills it and reads it.
 */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { AddonDiagram, AddonProperty, AddonQuestionnaire, AddonSync } from "./addon_records.ts";
import { attachedQuestionnaires } from "./addon_questionnaires.ts";
import type { Portal } from "./portal.ts";

/** A portal's number, as text or not. */
export type Id = string | number;

/** In the shape of `data` in answers of `tasktemplate.get`; what is left out is filled in empty. */
export type TemplateData =
  | JsonObject
  /** For members found by resolvers. `undefined` is a template that is not there. */
  | ((processVariables: JsonObject) => JsonObject | undefined);

export class Addon {
  readonly #diagrams = new Map<string, AddonDiagram>();
  readonly #supervisors = new Map<number, number>();
  readonly #questionnaires = new Map<number, AddonQuestionnaire[]>();
  readonly #syncs: AddonSync[] = [];
  #nextId = 1;
  /** What `tasktemplate.get` was told last, `{}` for nothing. */
  lastTemplateVariables: JsonObject = {};

  constructor(private readonly portal: Portal) {}

  /** A process's diagram; again, it changes what is said of it. */
  diagram(
    processKey: string,
    about: { readonly id?: string; readonly title?: string; readonly properties?: readonly AddonProperty[] } = {},
  ): void {
    this.#diagrams.set(processKey, { ...this.#diagramFor(processKey), ...about });
  }

  /** Who does the element: a partial record, whose fields are those of answers. */
  responsible(processKey: string, elementId: string, record: JsonObject = {}): void {
    const diagram = this.#diagramFor(processKey);
    const before = diagram.responsibles.get(elementId) ?? { ID: this.nextId() };
    diagram.responsibles.set(elementId, { ...before, ...record });
    this.#diagrams.set(processKey, diagram);
  }

  /** The element's task template. The element's record points to it unless it was given another `TEMPLATE_ID`. */
  template(processKey: string, elementId: string, data: TemplateData): void {
    const diagram = this.#diagramFor(processKey);
    const templateId = diagram.responsibles.get(elementId)?.["TEMPLATE_ID"] ?? this.nextId();
    this.responsible(processKey, elementId, { TEMPLATE_ID: templateId });
    diagram.templates.set(elementId, data);
  }

  /** The head of the user's department; `null` ends it. */
  supervisor(userId: Id, supervisorId: Id | null): void {
    if (supervisorId === null) this.#supervisors.delete(Number(userId));
    else this.#supervisors.set(Number(userId), Number(supervisorId));
  }

  /** Of the task, in the order in which they were added. */
  questionnaires(taskId: Id): readonly AddonQuestionnaire[] {
    return this.#questionnaires.get(Number(taskId)) ?? [];
  }

  /**
   * A person fills in an answer: "true" or "false", "2025-12-11", "42", the id of a user or of a list's element, a text.
   * @throws {Error} when the task has no such question
   */
  answer(taskId: Id, questionnaireCode: string, questionCode: string, text: string): void {
    const questions = this.questionnaires(taskId).filter(({ CODE }) => CODE === questionnaireCode)
      .flatMap(({ questions }) => questions.filter(({ CODE }) => CODE === questionCode));
    if (questions.length === 0) {
      throw new Error(`Task ${taskId} has no question ${questionnaireCode}.${questionCode}`);
    }
    this.fillIn(taskId, new Map(questions.map(({ ID }) => [ID, text])));
  }

  /** As `answer`, by the ids of questions; `""` takes an answer back. */
  fillIn(taskId: Id, answers: ReadonlyMap<number, string>): void {
    for (const question of this.questionnaires(taskId).flatMap(({ questions }) => questions)) {
      question.answer = answers.get(question.ID) ?? question.answer;
      if (question.answer === "") question.answer = null;
    }
    const responsible = this.portal.tasks.get(Number(taskId))?.fields["RESPONSIBLE_ID"];
    this.portal.touch(Number(taskId), Number(responsible));
  }

  /** Ids of the tasks that this one waits for, however they were linked. */
  dependencies(taskId: Id): readonly string[] {
    return this.portal.links.to(Number(taskId)).map(({ from }) => String(from));
  }

  /** Every call of `sync`, in order. */
  get syncs(): readonly AddonSync[] {
    return this.#syncs;
  }

  /** For the methods. */
  nextId(): number {
    return this.#nextId++;
  }

  /** For the methods: by process, or else by the diagram's own id. */
  findDiagram(processKey: string, diagramId = ""): AddonDiagram | undefined {
    if (processKey !== "") return this.#diagrams.get(processKey);
    return [...this.#diagrams.values()].find(({ id }) => id === diagramId);
  }

  /** For the methods. */
  allDiagrams(): AddonDiagram[] {
    return [...this.#diagrams.values()];
  }

  /** For the methods. */
  supervisorOf(userId: number): number | undefined {
    return this.#supervisors.get(userId);
  }

  /** For the methods: puts questionnaires into a task and returns their ids. */
  addQuestionnaires(taskId: number, items: readonly Json[]): number[] {
    const added = attachedQuestionnaires(taskId, items, () => this.nextId());
    this.#questionnaires.set(taskId, [...this.questionnaires(taskId), ...added]);
    return added.map(({ ID }) => ID);
  }

  /** For the methods. */
  recordSync(sync: AddonSync): void {
    this.#syncs.push(sync);
  }

  #diagramFor(processKey: string): AddonDiagram {
    const known = this.#diagrams.get(processKey);
    if (known !== undefined) return known;
    const number = String(this.nextId()).padStart(12, "0");
    const diagram: AddonDiagram = {
      id: `00000000-0000-4000-8000-${number}`,
      title: processKey,
      processKey,
      properties: [],
      responsibles: new Map(),
      templates: new Map(),
    };
    this.#diagrams.set(processKey, diagram);
    return diagram;
  }
}
