/** The records of the add-on. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { TemplateData } from "./addon_store.ts";

export interface AddonDiagram {
  /** A UUID. */
  readonly id: string;
  readonly title: string;
  /** `camundaProcessId`: the key of the process definition, without a version. */
  readonly processKey: string;
  readonly properties: readonly AddonProperty[];
  /** By element. */
  readonly responsibles: Map<string, JsonObject>;
  /** By element. */
  readonly templates: Map<string, TemplateData>;
}

/** A variable of the process that people are shown. */
export interface AddonProperty {
  readonly CODE: string;
  readonly NAME?: string;
  /** @default "string" */
  readonly TYPE?: string;
  /** @default its place, in steps of ten */
  readonly SORT?: number | string;
  readonly IS_REQUIRED?: "Y" | "N";
  readonly DEFAULT_VALUE?: Json;
  readonly ENUM_OPTIONS?: Json;
}

/** As `task.questionnaire.list` shows it. */
export interface AddonQuestionnaire {
  readonly ID: number;
  readonly TASK_ID: number;
  readonly CODE: string | null;
  readonly TITLE: string;
  readonly SORT: number;
  readonly questions: readonly AddonQuestion[];
}

export interface AddonQuestion {
  readonly ID: number;
  readonly CODE: string;
  readonly NAME: string;
  /** string, integer, boolean, date, enum, user, universal_list */
  readonly TYPE: string;
  readonly IS_REQUIRED: string;
  readonly SORT: number;
  readonly DESCRIPTION: Json;
  readonly DEFAULT_VALUE: Json;
  readonly ENUM_OPTIONS: Json;
  /** Of a `universal_list`. */
  readonly _iblockId?: number;
  /** `null` until somebody answers. */
  answer: string | null;
}

export interface AddonSync {
  readonly processDefinitionKey: string;
  readonly processInstanceId: string;
}
