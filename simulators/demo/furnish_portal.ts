/** Puts into the portal what its people have laid down for the process: who is who, the diagram, the templates. */
import type { Bitrix24Simulator } from "../bitrix24/simulator.ts";
import { CONTRACT_PROPERTIES, INITIATOR_ID, PROCESS_KEY, PROCESS_NAME } from "./contract.ts";
import { TASK_TEMPLATES } from "./task_templates.ts";

const HEAD_ID = 6;

export function furnishPortal({ addon, users, disk }: Pick<Bitrix24Simulator, "addon" | "users" | "disk">): void {
  users.put(INITIATOR_ID, { name: "Ольга", lastName: "Смирнова" });
  users.put(7, { name: "Анна", lastName: "Петрова" });
  users.put(HEAD_ID, { name: "Пётр", lastName: "Волков" });
  addon.supervisor(INITIATOR_ID, HEAD_ID);
  addon.diagram(PROCESS_KEY, { title: PROCESS_NAME, properties: CONTRACT_PROPERTIES });

  for (const [elementId, template] of TASK_TEMPLATES) {
    const { name, predecessors, files, checklist, questionnaires, data } = template;
    addon.responsible(PROCESS_KEY, elementId, { ELEMENT_NAME: name, PREDECESSOR_IDS: predecessors });
    addon.template(PROCESS_KEY, elementId, {
      ...data,
      files: files.map((NAME) => ({ NAME, OBJECT_ID: disk.put({ name: NAME }) })),
      checklists: { items: checklist },
      questionnaires: { items: questionnaires },
    });
  }
}
