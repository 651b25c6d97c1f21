/** The web application's API below `/api/v1`, as far as it is known: a bearer token, pages of Spring. */
import { Hono } from "hono";
import { assigneeFields, listedFields, wholeFields } from "./diagram_fields.ts";
import type { Diagrams, StoredDiagram } from "./diagrams.ts";

export function webRoutes(diagrams: Diagrams): Hono {
  const app = new Hono();
  app.get("/diagram/filter", (context) => {
    const { quality = "0,ge", size = "20", page = "0", sort = "" } = context.req.query();
    const found = sorted(diagrams.visible().filter((diagram) => diagram.quality >= Number.parseFloat(quality)), sort);
    const [pageSize, number] = [Number(size), Number(page)];
    return context.json({
      content: found.slice(number * pageSize, (number + 1) * pageSize).map(listedFields),
      totalElements: found.length,
      totalPages: Math.ceil(found.length / pageSize),
      size: pageSize,
      number,
    });
  });
  app.get("/diagram/:id", (context) => {
    const diagram = diagrams.get(context.req.param("id"));
    return context.json({ permission: "EDIT", diagram: wholeFields(diagram, diagrams) });
  });
  app.get("/assignee/assigneeedges/:id", (context) => {
    const { id, assignees } = diagrams.get(context.req.param("id"));
    return context.json(assignees.map((assignee) => assigneeFields(assignee, id)));
  });
  return app;
}

/** `updatedOn,desc`, `name,asc`; in any other order as they were put. */
function sorted(diagrams: readonly StoredDiagram[], sort: string): StoredDiagram[] {
  const [field = "", direction = "asc"] = sort.split(",");
  const sign = direction === "desc" ? -1 : 1;
  switch (field) {
    case "updatedOn":
      return diagrams.toSorted((left, right) => sign * (left.updatedMs - right.updatedMs));
    case "name":
      return diagrams.toSorted((left, right) => sign * left.name.localeCompare(right.name, "ru"));
    default:
      return [...diagrams];
  }
}
