/** Who a task is from and for. Nobody gets a task because nobody was named: the portal's first user is somebody too. */
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import { modelled } from "../element.ts";
import { Refusal } from "../refusal.ts";
import type { TaskTemplate, TemplateMember } from "./template.ts";
import { idOf, idsOf, textOf } from "../values.ts";

export interface Members {
  readonly authorId: number;
  readonly responsibleId: number;
  readonly accompliceIds: readonly number[];
  readonly auditorIds: readonly number[];
  /** Access codes in the template that stand for no single user; they were left out. */
  readonly unresolved: readonly string[];
}

export interface MemberSources {
  readonly task: TaskMessage;
  readonly template: TaskTemplate;
  /** The head of whoever started the process, if there is one and the template may need them. */
  readonly supervisorId: number | undefined;
  /** BITRIX_DEFAULT_RESPONSIBLE_ID. */
  readonly defaultId: number | undefined;
  /** BITRIX_ROLES_MAPPING_FILE: user ids by the names that diagrams use. */
  readonly roles: ReadonlyMap<string, number>;
}

/** Who started the process: the portal's interface sets the variable. */
export function initiatorOf(task: TaskMessage): number | undefined {
  return idOf(task.variables["startedBy"]);
}

/** Whether the template may ask for the head of whoever started the process. */
export function needsSupervisor({ supervisorIs }: TaskTemplate): boolean {
  return Object.values(supervisorIs).includes(true);
}

/** @throws {Refusal} when nobody is named as responsible, and no setting names a default. */
export function chooseMembers(sources: MemberSources): Members {
  const { task, template, supervisorId, defaultId } = sources;
  const initiator = initiatorOf(task);
  // Without a head, whoever started the process stands in, as for a missing department.
  const supervisorIf = (flag: boolean) => flag ? supervisorId ?? initiator : undefined;
  const responsibles = usersIn(template.responsibles);
  const responsibleId = responsibles[0] ?? template.responsibleId ?? supervisorIf(template.supervisorIs.responsible) ??
    assigneeOf(sources) ?? initiator ?? defaultId;
  if (responsibleId === undefined) throw new Refusal("NO_RESPONSIBLE", whyNobody(sources));
  const authorId = template.authorId ?? usersIn(template.originators)[0] ??
    supervisorIf(template.supervisorIs.author) ?? idOf(modelled(task, "createdBy")) ?? initiator ?? defaultId ??
    responsibleId;
  const accompliceIds = [
    // A task has one responsible: the others of the template work on it with them.
    ...responsibles.slice(1),
    ...usersIn(template.accomplices),
    ...idsOf(modelled(task, "accomplices")),
    ...(template.supervisorIs.accomplice && supervisorId !== undefined ? [supervisorId] : []),
  ];
  const auditorIds = [
    ...usersIn(template.auditors),
    ...idsOf(modelled(task, "auditors")),
    ...(template.supervisorIs.auditor && supervisorId !== undefined ? [supervisorId] : []),
  ];
  const owner = idOf(task.variables["diagramOwner"]);
  return {
    authorId,
    responsibleId,
    accompliceIds: [...new Set(accompliceIds)],
    auditorIds: auditorIds.length > 0 || owner === undefined ? [...new Set(auditorIds)] : [owner],
    unresolved: unresolvedIn(template),
  };
}

/** The model names a user by id, or by a role that the settings know. */
function assigneeOf({ task, roles }: MemberSources): number | undefined {
  return idOf(modelled(task, "assigneeId")) ?? roles.get(textOf(modelled(task, "assigneeName")).trim());
}

function usersIn(members: readonly TemplateMember[]): number[] {
  return members.flatMap(({ userId }) => userId ?? []);
}

function unresolvedIn({ originators, responsibles, accomplices, auditors }: TaskTemplate): string[] {
  const members = [...originators, ...responsibles, ...accomplices, ...auditors];
  return members.flatMap(({ userId, accessCode }) => userId === undefined && accessCode !== "" ? [accessCode] : []);
}

function whyNobody({ template, task }: MemberSources): string {
  const codes = unresolvedIn(template);
  const named = codes.length === 0 ? "" : ` The template names only ${codes.join(", ")}, which is no single user.`;
  return `Nobody is responsible for the task: neither the template of ${
    task.activity_id ?? "its element"
  } nor assigneeId ` +
    `nor the variable startedBy names a user.${named} BITRIX_DEFAULT_RESPONSIBLE_ID can name one for such cases.`;
}
