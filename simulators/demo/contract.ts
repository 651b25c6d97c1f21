/** A contract that is to be approved: what the process knows of it from its start, and what the portal calls that. */
import { formatCamundaDate } from "../../lib/camunda/variables.ts";
import type { TypedVariables } from "../../lib/messages/typed_variables.ts";
import type { AddonProperty } from "../bitrix24/addon_records.ts";

/** As the diagram says; the portal keeps its templates by it. */
export const PROCESS_KEY = "contract_approval";
export const PROCESS_NAME = "Согласование договора";

/** The employee who wants the contract; who heads them approves it. */
export const INITIATOR_ID = 5;

/** The diagram's properties: the portal shows these variables in every task, in this order. */
export const CONTRACT_PROPERTIES: readonly AddonProperty[] = [
  { CODE: "counterparty", NAME: "Контрагент", TYPE: "string" },
  { CODE: "subject", NAME: "Предмет", TYPE: "string" },
  { CODE: "amount", NAME: "Сумма, руб.", TYPE: "integer" },
  { CODE: "validUntil", NAME: "Срок действия", TYPE: "date" },
  { CODE: "standardForm", NAME: "Типовая форма", TYPE: "boolean" },
];

const COUNTERPARTIES = ["ООО «Вектор»", "АО «Северный мост»", "ООО «Лесной двор»", "ИП Кузнецова А. П."];
const SUBJECTS = ["поставка бумаги", "ремонт кровли", "обслуживание лифтов"];
const YEAR_MS = 365 * 86_400_000;

/** @param number from 1, in the order of their start */
export function contractVariables(number: number, nowMs: number): TypedVariables {
  return {
    startedBy: { type: "String", value: String(INITIATOR_ID), valueInfo: {} },
    counterparty: { type: "String", value: nth(COUNTERPARTIES, number), valueInfo: {} },
    subject: { type: "String", value: nth(SUBJECTS, number), valueInfo: {} },
    amount: { type: "Long", value: 100_000 + 12_500 * number, valueInfo: {} },
    validUntil: { type: "Date", value: formatCamundaDate(new Date(nowMs + YEAR_MS)), valueInfo: {} },
    standardForm: { type: "Boolean", value: number % 3 !== 0, valueInfo: {} },
  };
}

function nth(texts: readonly string[], number: number): string {
  return texts[(number - 1) % texts.length] ?? "";
}
