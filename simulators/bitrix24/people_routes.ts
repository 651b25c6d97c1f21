/** The people's page over HTTP: the page itself, and its buttons. */
import { type Context, Hono } from "hono";
import type { People } from "./people.ts";
import { peoplePage } from "./people_page.ts";
import { PortalError } from "./portal_error.ts";
import { ANSWERS } from "./portal_fields.ts";

export function peopleRoutes(people: People): Hono {
  const app = new Hono();
  app.get("/", (context) => context.html(peoplePage(people, { tooLate: context.req.query("late") !== undefined })));
  app.post("/tasks/:id/decline", (context) => {
    return backFrom(context, () => people.decline(context.req.param("id")));
  });
  app.post("/tasks/:id/finish", async (context) => {
    const { answer } = await context.req.parseBody();
    const known = [...ANSWERS.values()].find((text) => text === answer);
    if (known === undefined && answer !== undefined && answer !== "") return context.text("Нет такого ответа", 400);
    return backFrom(
      context,
      () => people.finish(context.req.param("id"), known === undefined ? {} : { answer: known }),
    );
  });
  return app;
}

/** Leads back to the page, whatever came of it: someone else may have been quicker. */
function backFrom(context: Context, action: () => void): Response {
  try {
    action();
    return context.redirect("/", 303);
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    return context.redirect("/?late", 303);
  }
}
