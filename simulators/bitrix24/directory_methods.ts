/** `user.*` and `lists.element.get`: what a portal knows besides tasks. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { objectOf, textOf, textsOf } from "./php_values.ts";
import { PortalError } from "./portal_error.ts";
import type { MethodTable } from "./portal_method.ts";
import type { PortalUser } from "./users.ts";

const PAGE = 50;

export const directoryMethods: MethodTable = {
  /** Filters stand in `FILTER`, `filter` or beside it, as the vendor's own examples have them. */
  "user.get": ({ portal }, params) => {
    const filter = { ...params, ...objectOf(params["FILTER"] ?? params["filter"]) };
    const matches = Object.entries(filter).flatMap(([key, wanted]) => conditionOf(key, wanted));
    const found = portal.users.all().filter((user) => matches.every((match) => match(user)));
    if (textOf(params["order"] ?? params["ORDER"]).toUpperCase() === "DESC") found.reverse();
    const start = Math.max(0, Number(textOf(params["start"]) || "0"));
    return {
      result: found.slice(start, start + PAGE).map(userAnswer),
      total: found.length,
      ...start + PAGE < found.length && { next: start + PAGE },
    };
  },
  "user.admin": ({ visibility }) => ({ result: visibility.admin }),
  "lists.element.get": ({ portal }, params) => {
    for (const name of ["IBLOCK_TYPE_ID", "IBLOCK_ID"]) {
      if (textOf(params[name]) === "") {
        throw new PortalError("ERROR_REQUIRED_PARAMETERS_MISSING", `Required parameter \`${name}\` is missing`);
      }
    }
    const [listId, elementId] = [Number(textOf(params["IBLOCK_ID"])), textOf(params["ELEMENT_ID"])];
    const found = portal.lists.elements(listId).filter(({ id }) => elementId === "" || String(id) === elementId);
    const answers = found.slice(0, PAGE).map(({ id, name }) => ({
      ID: String(id),
      IBLOCK_ID: String(listId),
      NAME: name,
    }));
    return { result: answers, total: found.length };
  },
};

type Condition = (user: PortalUser) => boolean;

/** Case plays no part, as in the portal's database. A field that is not known here is ignored. */
function conditionOf(key: string, wanted: Json): Condition[] {
  const [, operator = "", name = ""] = /^(!@|@|!=|!|=)?(.*)$/.exec(key) ?? [];
  const texts = textsOf(wanted).map((text) => text.toLowerCase());
  const valueOf = FILTERABLE.get(name);
  if (valueOf === undefined) return [];
  if (name === "ACTIVE") {
    const active = !["", "0", "n", "false"].includes(texts[0] ?? "");
    return [(user) => user.active === active];
  }
  const isOneOf = (user: PortalUser) => texts.includes(valueOf(user).toLowerCase());
  return [operator.startsWith("!") ? (user) => !isOneOf(user) : isOneOf];
}

const FILTERABLE: ReadonlyMap<string, (user: PortalUser) => string> = new Map([
  ["ID", ({ id }: PortalUser) => String(id)],
  ["NAME", ({ name }: PortalUser) => name],
  ["LAST_NAME", ({ lastName }: PortalUser) => lastName],
  ["EMAIL", ({ email }: PortalUser) => email],
  ["ACTIVE", ({ active }: PortalUser) => String(active)],
]);

function userAnswer({ id, name, lastName, secondName, email, login, active }: PortalUser): JsonObject {
  return {
    ID: String(id),
    ACTIVE: active,
    NAME: name,
    LAST_NAME: lastName,
    SECOND_NAME: secondName,
    EMAIL: email,
    ...login !== "" && { LOGIN: login },
    UF_DEPARTMENT: [1],
    USER_TYPE: "employee",
  };
}
