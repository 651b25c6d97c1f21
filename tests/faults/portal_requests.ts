/** Patterns for single requests to the portal, by the calls that travel in them. */

/** A request with such a call. `call` is part of a regular expression. */
export function calling(call: string): RegExp {
  return new RegExp(`POST .*/batch\\n.*${call}`);
}

/** As `calling`, but not one that is full: writes travel by 20 (BITRIX_CREATE_BATCH), so it is the last of several. */
export function lastCalling(call: string): RegExp {
  return new RegExp(`POST .*/batch\\n(?!.*"c19").*${call}`);
}

/** Looks for objects by their external tasks; the tracker looks by other fields. */
export const lookUp = 'tasks\\.task\\.list[^"]*UF_CAMUNDA_ID_EXTERNAL_TASK';

export const creation = "tasks\\.task\\.add\\?";

export function addingItem(title: string): string {
  return `task\\.checklistitem\\.add[^"]*TITLE%5D=${title}&`;
}
