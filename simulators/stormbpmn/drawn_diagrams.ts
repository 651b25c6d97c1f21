/**
 * A dozen diagrams as analysts draw them, for the demo, tests and benches. Together they have every construct that people use:
 * what Camunda executes as drawn, what is mapped by rule, and what has no effect there.
 */
import { parseXml, type XmlElement } from "../../lib/bpmn/xml_tree.ts";
import type { Diagrams, NewAssignee, NewDiagram } from "./diagrams.ts";
import claimReview from "./diagrams/claim_review.bpmn" with { type: "text" };
import contractApproval from "./diagrams/contract_approval.bpmn" with { type: "text" };
import employeeOnboarding from "./diagrams/employee_onboarding.bpmn" with { type: "text" };
import equipmentPurchase from "./diagrams/equipment_purchase.bpmn" with { type: "text" };
import incidentHandling from "./diagrams/incident_handling.bpmn" with { type: "text" };
import invoicePayment from "./diagrams/invoice_payment.bpmn" with { type: "text" };
import monthlyReport from "./diagrams/monthly_report.bpmn" with { type: "text" };
import orderIntake from "./diagrams/order_intake.bpmn" with { type: "text" };
import permitDocuments from "./diagrams/permit_documents.bpmn" with { type: "text" };
import siteVisit from "./diagrams/site_visit.bpmn" with { type: "text" };
import supplierTender from "./diagrams/supplier_tender.bpmn" with { type: "text" };
import vacationRequest from "./diagrams/vacation_request.bpmn" with { type: "text" };
import { people } from "./people.ts";

export interface DrawnDiagram extends NewDiagram {
  readonly id: string;
  /** Of its process; the first one's, if it has several. */
  readonly processKey: string;
  /** Who does which of its elements, and how they are described there. */
  readonly assignees: readonly NewAssignee[];
  /** Its call activities that lead to other ones of these diagrams. */
  readonly links: readonly { readonly fromItemId: string; readonly toDiagramId: string }[];
}

const STORM = "{http://storm.bpmn2.ru/ns}";

export const drawnDiagrams: readonly DrawnDiagram[] = [
  drawn(1, "Согласование договора", "Process_contract_approval", contractApproval, "DONE"),
  drawn(2, "Приём заказа", "Process_order_intake", orderIntake, "DONE"),
  drawn(3, "Закупка оборудования", "Process_equipment_purchase", equipmentPurchase, "DONE"),
  drawn(4, "Оплата счёта", "Process_invoice_payment", invoicePayment, "DONE"),
  drawn(5, "Устранение аварии", "Process_incident", incidentHandling, "DONE"),
  drawn(6, "Разрешительная документация", "Process_permits", permitDocuments, "IN_PROGRESS"),
  drawn(7, "Приём сотрудника", "Process_onboarding", employeeOnboarding, "DONE"),
  drawn(8, "Ежемесячный отчёт", "Process_monthly_report", monthlyReport, "IN_PROGRESS"),
  drawn(9, "Рассмотрение претензии", "Process_claim", claimReview, "IN_PROGRESS"),
  drawn(10, "Заявка на отпуск", "Process_vacation", vacationRequest, "NEW"),
  drawn(11, "Проведение тендера", "Process_tender", supplierTender, "NEW"),
  drawn(12, "Выезд на объект", "Process_site_visit", siteVisit, "NEW"),
];

/** Puts all of them into a simulated StormBPMN, with whoever is responsible and what they link to. */
export function putDrawnDiagrams(diagrams: Diagrams): void {
  for (const diagram of drawnDiagrams) {
    diagrams.add(diagram);
    for (const assignee of diagram.assignees) diagrams.assign(diagram.id, assignee);
    for (const { fromItemId, toDiagramId } of diagram.links) diagrams.link(diagram.id, fromItemId, toDiagramId);
  }
}

/** `00000000-0000-4000-8000-00000000d003` is the third. */
function drawn(number: number, name: string, processKey: string, xml: string, status: string): DrawnDiagram {
  const elements = [...insideOf(parseXml(xml, { maxBytes: 1_000_000 }))];
  return {
    id: `00000000-0000-4000-8000-00000000d${String(number).padStart(3, "0")}`,
    name,
    processKey,
    xml,
    status,
    assignees: elements.flatMap(assigneeOf),
    links: elements.flatMap(linkOf),
  };
}

function* insideOf(element: XmlElement): Iterable<XmlElement> {
  yield element;
  for (const child of element.children) yield* insideOf(child);
}

/** The drawing has the numbers of people; their names are known to StormBPMN only. */
function assigneeOf({ attributes }: XmlElement): NewAssignee[] {
  const elementId = attributes.get("id");
  const number = attributes.get(`${STORM}StormAssignee`);
  const description = attributes.get(`${STORM}HTMLDescription`);
  if (elementId === undefined || (number === undefined && description === undefined)) return [];
  const elementName = attributes.get("name");
  const assigneeId = number === undefined ? null : Number(number);
  return [{
    elementId,
    ...(elementName !== undefined && { elementName }),
    assigneeId,
    assigneeName: assigneeId === null ? null : people.get(assigneeId) ?? `Роль ${assigneeId}`,
    description: description ?? null,
    duration: 3600,
  }];
}

function linkOf({ attributes }: XmlElement): { fromItemId: string; toDiagramId: string }[] {
  const fromItemId = attributes.get("id");
  const toDiagramId = /"id":"([0-9a-f-]{36})"/.exec(attributes.get(`${STORM}StormUrl`) ?? "")?.[1];
  return fromItemId === undefined || toDiagramId === undefined ? [] : [{ fromItemId, toDiagramId }];
}
