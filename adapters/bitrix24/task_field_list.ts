/** The custom fields of the portal's tasks that Exchanger keeps its marks and people's answers in. */
export interface TaskField {
  readonly name: string;
  /** Accepted USER_TYPE_ID; the first is that of a new field. */
  readonly types: readonly string[];
  /** What people see beside it. */
  readonly label: string;
  /** Of an enumeration. */
  readonly values: readonly string[];
}

const TEXT = ["string", "text"];

export const TASK_FIELDS: readonly TaskField[] = [
  { name: "UF_CAMUNDA_ID_EXTERNAL_TASK", types: TEXT, label: "Внешняя задача Camunda", values: [] },
  { name: "UF_RESULT_ANSWER", types: ["enumeration", "enum"], label: "Ответ", values: ["ДА", "НЕТ"] },
  { name: "UF_RESULT_QUESTION", types: TEXT, label: "Вопрос", values: [] },
  { name: "UF_RESULT_EXPECTED", types: ["boolean", "bool"], label: "Нужен ответ", values: [] },
  { name: "UF_ELEMENT_ID", types: TEXT, label: "Элемент процесса", values: [] },
  { name: "UF_PROCESS_INSTANCE_ID", types: TEXT, label: "Экземпляр процесса", values: [] },
];
