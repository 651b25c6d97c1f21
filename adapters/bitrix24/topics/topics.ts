/** What each topic of Bitrix24 asks for. */

/** As in the names of the vendor's methods. */
export type CrmEntity = "deal" | "lead" | "contact" | "company";

export type TopicAction =
  | { readonly kind: "create"; readonly entity: CrmEntity }
  | { readonly kind: "update"; readonly entity: CrmEntity | "task" };

/** The topic that makes a task for a person, whose answer is waited for. All others are done at once. */
const CREATE_TASK = "bitrix_create_task";

const ACTIONS: ReadonlyMap<string, TopicAction> = new Map<string, TopicAction>([
  ["bitrix_update_task", { kind: "update", entity: "task" }],
  ["bitrix_create_deal", { kind: "create", entity: "deal" }],
  ["bitrix_update_deal", { kind: "update", entity: "deal" }],
  ["bitrix_create_contact", { kind: "create", entity: "contact" }],
  ["bitrix_create_lead", { kind: "create", entity: "lead" }],
  ["bitrix_update_lead", { kind: "update", entity: "lead" }],
  ["bitrix_create_company", { kind: "create", entity: "company" }],
  ["bitrix_update_company", { kind: "update", entity: "company" }],
]);

export const knownBitrixTopics: readonly string[] = [CREATE_TASK, ...ACTIONS.keys()];

/**
 * Whether `handleOtherTopics` is to have the task: every topic that begins with `bitrix_`, also one that nobody knows, save
 * the one that makes tasks for people. All that is left (`bitrix24`, topics that settings lead here) makes such tasks too.
 */
export function isOtherTopic(topic: string): boolean {
  return /^bitrix_/i.test(topic) && topic !== CREATE_TASK;
}

/** `undefined` for a topic that nobody knows. */
export function actionOf(topic: string): TopicAction | undefined {
  return ACTIONS.get(topic);
}
