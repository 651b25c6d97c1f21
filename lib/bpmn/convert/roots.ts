/** Messages, signals, errors and escalations stand beside the processes and are shared by what names them. */
import { type ErrorRoot, type EscalationRoot, is, type NamedRoot } from "../model.ts";
import { type Conversion, freshId } from "./conversion.ts";
import { addRoot } from "./edit.ts";

/** Whether the engine can tell it from others. */
export function hasName(root: NamedRoot | undefined): root is NamedRoot {
  return Boolean(root?.name?.trim());
}

type Shared = "bpmn:Message" | "bpmn:Signal";

/** The message or signal of this name; a new one, with an id made of `near`, if there is none yet. */
export function namedRoot(conversion: Conversion, type: Shared, name: string, near: string): NamedRoot {
  const known = conversion.definitions.rootElements.find((root) => is(root, type) && root.name === name);
  if (is(known, type)) return known;
  return addRoot(conversion, type, { id: freshId(conversion, `${type.slice("bpmn:".length)}_${near}`), name });
}

/** The error of this code. */
export function errorOf(conversion: Conversion, code: string, near: string): ErrorRoot {
  const known = conversion.definitions.rootElements.filter((root) => is(root, "bpmn:Error"));
  return known.find(({ errorCode }) => errorCode === code) ??
    addRoot(conversion, "bpmn:Error", { id: freshId(conversion, `Error_${near}`), name: code, errorCode: code });
}

/** The escalation of this code. */
export function escalationOf(conversion: Conversion, code: string, near: string): EscalationRoot {
  const known = conversion.definitions.rootElements.filter((root) => is(root, "bpmn:Escalation"));
  return known.find(({ escalationCode }) => escalationCode === code) ??
    addRoot(conversion, "bpmn:Escalation", {
      id: freshId(conversion, `Escalation_${near}`),
      name: code,
      escalationCode: code,
    });
}
