/** The fields that the CRM objects of a portal have; what is sent for another is dropped silently, as the vendor's is. */

/** As in the vendor's method names: `crm.deal.add`. */
export const crmEntities = ["deal", "lead", "contact", "company"] as const;
export type CrmEntity = (typeof crmEntities)[number];

/** Several values each, with ids of their own: `[{ID, VALUE_TYPE, VALUE, TYPE_ID}]`. */
export const MULTI_FIELDS: ReadonlySet<string> = new Set(["PHONE", "EMAIL", "WEB", "IM", "LINK"]);

const SHARED =
  "ASSIGNED_BY_ID COMMENTS OPENED ORIGINATOR_ID ORIGIN_ID UTM_SOURCE UTM_MEDIUM UTM_CAMPAIGN UTM_CONTENT UTM_TERM";
const MONEY =
  "CURRENCY_ID OPPORTUNITY IS_MANUAL_OPPORTUNITY SOURCE_ID SOURCE_DESCRIPTION COMPANY_ID CONTACT_ID CONTACT_IDS";
const PERSON = "HONORIFIC NAME SECOND_NAME LAST_NAME BIRTHDATE POST";

const OWN: Readonly<Record<CrmEntity, ReadonlySet<string>>> = {
  deal: names(
    SHARED,
    MONEY,
    "TITLE TYPE_ID CATEGORY_ID STAGE_ID PROBABILITY TAX_VALUE BEGINDATE CLOSEDATE CLOSED ADDITIONAL_INFO LOCATION_ID",
  ),
  lead: names(SHARED, MONEY, PERSON, "TITLE STATUS_ID STATUS_DESCRIPTION COMPANY_TITLE"),
  contact: names(SHARED, PERSON, "TYPE_ID SOURCE_ID SOURCE_DESCRIPTION EXPORT COMPANY_ID COMPANY_IDS ORIGIN_VERSION"),
  company: names(
    SHARED,
    "TITLE COMPANY_TYPE INDUSTRY EMPLOYEES CURRENCY_ID REVENUE IS_MY_COMPANY CONTACT_ID ORIGIN_VERSION",
  ),
};

/** Deals have no phone. Custom fields and links to smart processes are taken by any name. */
export function hasCrmField(entity: CrmEntity, name: string): boolean {
  return OWN[entity].has(name) || /^(UF_|PARENT_ID_)/.test(name) || (entity !== "deal" && MULTI_FIELDS.has(name));
}

function names(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(" ")));
}
