/** `crm.<entity>.add`, `update`, `get` and `list`, with the vendor's answers and its errors without a code. */
import { isJsonObject, type Json, type JsonObject } from "../../lib/messages/json.ts";
import { crmEntities, type CrmEntity, hasCrmField, MULTI_FIELDS } from "./crm_fields.ts";
import { type CrmObject, type CrmStore, notFound } from "./crm_store.ts";
import { objectOf, textOf, textsOf } from "./php_values.ts";
import { portalDate } from "./portal.ts";
import { PortalError } from "./portal_error.ts";
import type { Method, MethodAnswer, MethodTable } from "./portal_method.ts";

const PAGE = 50;

export const crmMethods: MethodTable = Object.fromEntries(crmEntities.flatMap((entity): [string, Method][] => [
  [`crm.${entity}.add`, ({ portal }, params, nowMs) => {
    checkAccess(portal.crm);
    return { result: portal.crm.add(entity, mapIn(params, "fields"), portalDate(nowMs)) };
  }],
  [`crm.${entity}.update`, ({ portal }, params) => {
    checkAccess(portal.crm);
    portal.crm.update(entity, idIn(params), mapIn(params, "fields"));
    return { result: true };
  }],
  [`crm.${entity}.get`, ({ portal }, params) => {
    checkAccess(portal.crm);
    const object = portal.crm.get(entity, idIn(params));
    if (object === undefined) throw notFound(entity);
    return { result: object };
  }],
  [`crm.${entity}.list`, ({ portal }, params) => {
    checkAccess(portal.crm);
    return list(portal.crm, entity, params);
  }],
]));

/** @throws {PortalError} */
function checkAccess({ inScope, allowed }: CrmStore): void {
  if (!inScope) {
    const message = "The request requires higher privileges than provided by the webhook token";
    throw new PortalError("insufficient_scope", message, 403);
  }
  if (!allowed) throw new PortalError("", "Access denied.");
}

/** The vendor takes the names of parameters in small and in capital letters. */
function param(params: JsonObject, name: string): Json | undefined {
  return params[name] ?? params[name.toUpperCase()];
}

function mapIn(params: JsonObject, name: string): JsonObject {
  const value = param(params, name);
  if (isJsonObject(value)) return value;
  throw new PortalError("", `Parameter '${name}' must be array.`);
}

function idIn(params: JsonObject): number {
  const id = Number(textOf(param(params, "id")));
  if (Number.isInteger(id) && id > 0) return id;
  throw new PortalError("", "ID is not defined or invalid.");
}

function list(crm: CrmStore, entity: CrmEntity, params: JsonObject): MethodAnswer {
  const filter = Object.entries(objectOf(param(params, "filter")));
  const found = crm.all(entity).filter((object) =>
    filter.every(([key, wanted]) => matches(entity, object, key, wanted))
  );
  if (textOf(objectOf(param(params, "order"))["ID"]).toUpperCase() === "DESC") found.reverse();
  const start = Number(textOf(param(params, "start")) || "0");
  const page = found.slice(Math.max(start, 0), Math.max(start, 0) + PAGE);
  const result = page.map((object) => shown(object, param(params, "select")));
  if (start < 0) return { result };
  return { result, total: found.length, ...(start + PAGE < found.length && { next: start + PAGE }) };
}

/** A filter by a field that the objects do not have is ignored. */
function matches(entity: CrmEntity, object: CrmObject, key: string, wanted: Json): boolean {
  const [, operator = "", name = ""] = /^(=|!=|!@|!|@|<=|>=|<|>)?(.*)$/.exec(key) ?? [];
  if (name !== "ID" && !hasCrmField(entity, name)) return true;
  const values = MULTI_FIELDS.has(name)
    ? Object.values(objectOf(object[name])).map((value) => textOf(objectOf(value)["VALUE"]))
    : [textOf(object[name])];
  const isWanted = values.some((value) => textsOf(wanted).includes(value));
  const difference = Number(values[0]) - Number(textOf(wanted));
  switch (operator) {
    case "!":
    case "!=":
    case "!@":
      return !isWanted;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    default:
      return isWanted;
  }
}

/** Without `select` all fields but those with several values, which must be asked for by name. */
function shown(object: CrmObject, select: Json | undefined): JsonObject {
  const asked = select === undefined ? ["*", "UF_*"] : textsOf(select);
  const isAsked = (name: string) =>
    asked.includes(name) ||
    (name.startsWith("UF_") ? asked.includes("UF_*") : asked.includes("*") && !MULTI_FIELDS.has(name));
  const all = Object.entries(object).filter(([name]) => name === "ID" || isAsked(name));
  // A field that is not set is null, if it is one.
  const unset = asked.filter((name) => !name.includes("*") && object[name] === undefined && !MULTI_FIELDS.has(name));
  return { ...Object.fromEntries(all), ...Object.fromEntries(unset.map((name) => [name, null])) };
}
