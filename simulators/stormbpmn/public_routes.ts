/** The public API below `/public-api/v1`: a team's key, pages of 20. */
import { type Context, Hono } from "hono";
import { listedFields, wholeFields } from "./diagram_fields.ts";
import type { Diagrams } from "./diagrams.ts";
import { StormRefusal } from "./storm_refusal.ts";

const PAGE_SIZE = 20;
const UUID = /^[0-9a-f-]{36}$/i;

export function publicRoutes(diagrams: Diagrams): Hono {
  const app = new Hono();
  app.get("/get-diagram-list", (context) => {
    const page = pageOf(context);
    const all = diagrams.visible();
    return context.json({
      totalElements: all.length,
      page,
      size: PAGE_SIZE,
      returnDiagrams: all.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE).map(listedFields),
    });
  });
  app.get("/get-diagram-by-id", (context) => {
    const id = context.req.query("diagramId") ?? "";
    if (!UUID.test(id)) throw new StormRefusal(400, "Required request parameter 'diagramId' of type UUID is wrong");
    return context.json(wholeFields(diagrams.get(id), diagrams));
  });
  return app;
}

function pageOf(context: Context): number {
  const text = context.req.query("page");
  if (text === undefined || !/^\d+$/.test(text)) {
    throw new StormRefusal(400, "Required request parameter 'page' for method parameter type int is not present");
  }
  return Number(text);
}
