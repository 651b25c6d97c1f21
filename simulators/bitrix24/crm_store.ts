/** The portal's deals, leads, contacts and companies, each kind with its own ids, and who asked for them. */
import { isJsonObject, type Json, type JsonObject } from "../../lib/messages/json.ts";
import { crmEntities, type CrmEntity, hasCrmField, MULTI_FIELDS } from "./crm_fields.ts";
import { objectOf, textOf } from "./php_values.ts";
import { PortalError } from "./portal_error.ts";

/** By the vendor's names, `ID` among them. */
export type CrmObject = JsonObject;

const DEFAULT_TITLES: Readonly<Record<CrmEntity, string>> = {
  deal: "Сделка #",
  lead: "Лид #",
  contact: "Контакт #",
  company: "Компания #",
};

export class CrmStore {
  /** Whether the webhook has the right `crm`. */
  inScope = true;
  /** Whether the webhook's user may read, add and change the objects. */
  allowed = true;
  readonly #objects = new Map<CrmEntity, Map<number, CrmObject>>(crmEntities.map((entity) => [entity, new Map()]));
  readonly #created: { readonly originId: string; readonly id: string }[] = [];
  #nextValueId = 1;

  /** Oldest first. */
  all(entity: CrmEntity): CrmObject[] {
    return [...this.#of(entity).values()];
  }

  get(entity: CrmEntity, id: number): CrmObject | undefined {
    return this.#of(entity).get(id);
  }

  /** Ids ever created for each `ORIGIN_ID`; more than one is a duplicate. */
  ledger(): ReadonlyMap<string, readonly string[]> {
    const byOrigin = Map.groupBy(this.#created, ({ originId }) => originId);
    return new Map([...byOrigin].map(([originId, created]) => [originId, created.map(({ id }) => id)]));
  }

  /** @param createdAt ISO 8601 with an offset */
  add(entity: CrmEntity, fields: JsonObject, createdAt: string): number {
    const id = this.#of(entity).size + 1;
    const defaults = { ID: String(id), ASSIGNED_BY_ID: "1", OPENED: "Y", DATE_CREATE: createdAt };
    const untitled: CrmObject = { ...defaults, ...this.#stored(entity, fields, {}) };
    // A company has nothing else to be known by, and the portal does not make it up.
    if (entity === "company" && textOf(untitled["TITLE"]) === "") {
      throw new PortalError("", 'Не заполнено обязательное поле "Название компании".');
    }
    const title = textOf(untitled["TITLE"]) || `${DEFAULT_TITLES[entity]}${id}`;
    this.#of(entity).set(id, entity === "contact" ? untitled : { ...untitled, TITLE: title });
    const originId = textOf(fields["ORIGIN_ID"]);
    if (originId !== "") this.#created.push({ originId, id: String(id) });
    return id;
  }

  update(entity: CrmEntity, id: number, fields: JsonObject): void {
    const before = this.#of(entity).get(id);
    if (before === undefined) throw notFound(entity);
    this.#of(entity).set(id, { ...before, ...this.#stored(entity, fields, before) });
  }

  /** Texts for numbers, money with two decimals. */
  #stored(entity: CrmEntity, fields: JsonObject, before: CrmObject): CrmObject {
    return Object.fromEntries(
      Object.entries(fields).filter(([name]) => hasCrmField(entity, name)).map(([name, value]): [string, Json] => {
        if (MULTI_FIELDS.has(name)) return [name, this.#multiField(name, value, before[name])];
        if (name === "OPPORTUNITY") return [name, Number(textOf(value)).toFixed(2)];
        return [name, typeof value === "object" ? value : textOf(value)];
      }),
    );
  }

  /** What comes with an `ID` changes or, if empty or marked `DELETE`, removes that value; what comes without is added. */
  #multiField(name: string, given: Json, before: Json | undefined): Json {
    const values = new Map(listed(before).map((value) => [textOf(value["ID"]), value]));
    for (const item of listed(given)) {
      const value = textOf(item["VALUE"]);
      if (name === "EMAIL" && value !== "" && !value.includes("@")) {
        throw new PortalError("ERROR_CORE", 'Поле "E-mail" содержит некорректный адрес.');
      }
      const known = textOf(item["ID"]);
      if (known === "" && value === "") continue;
      const ID = known === "" ? String(this.#nextValueId++) : known;
      if (value === "" || textOf(item["DELETE"]) === "Y") values.delete(ID);
      else values.set(ID, { ID, VALUE_TYPE: textOf(item["VALUE_TYPE"]) || "WORK", VALUE: value, TYPE_ID: name });
    }
    return [...values.values()];
  }

  #of(entity: CrmEntity): Map<number, CrmObject> {
    const objects = this.#objects.get(entity);
    if (objects === undefined) throw new Error(`No store for ${entity}`);
    return objects;
  }
}

/** Errors of the CRM have no code, and English texts. */
export function notFound(entity: CrmEntity): PortalError {
  return new PortalError("", entity === "company" ? "Company is not found" : "Not found");
}

/** Anything but a list, or a map such as a form makes of one, is dropped. */
function listed(value: Json | undefined): JsonObject[] {
  return Object.values(objectOf(value)).filter(isJsonObject);
}
