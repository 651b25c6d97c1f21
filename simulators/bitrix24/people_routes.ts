/** The people's pages over HTTP: the pages themselves, and their buttons. */
import { type Context, Hono } from "hono";
import type { People } from "./people.ts";
import { peoplePage } from "./people_page.ts";
import { PortalError } from "./portal_error.ts";
import { taskPage } from "./task_page.ts";

export function peopleRoutes(people: People): Hono {
  const app = new Hono();
  app.get("/", (context) => context.html(peoplePage(people, { tooLate: context.req.query("late") !== undefined })));
  app.get("/tasks/:id", (context) => {
    const details = people.details(context.req.param("id"));
    if (details === undefined) return context.redirect("/?late", 303);
    const refusal = context.req.query("refusal") ?? "";
    return context.html(taskPage(details, { answers: people.answerTexts, refusal }));
  });
  app.post("/tasks/:id/finish", async (context) => {
    const id = context.req.param("id");
    const body = await context.req.parseBody({ all: true });
    const { answer = "", result = "" } = body;
    const known = people.answerTexts.find((text) => text === answer);
    if (known === undefined && answer !== "") return context.text("Нет такого ответа", 400);
    const files = [body["file"] ?? []].flat().flatMap((file) =>
      file instanceof File && file.name !== "" ? [{ name: file.name, size: file.size }] : []
    );
    return backFrom(context, people, "/", () => {
      people.fillIn(id, answersIn(body));
      people.finish(id, {
        ...known !== undefined && { answer: known },
        ...typeof result === "string" && result !== "" && { result },
        files,
      });
    });
  });
  for (const move of ["decline", "defer", "approve", "disapprove", "delete"] as const) {
    app.post(`/tasks/:id/${move}`, (context) => {
      const id = context.req.param("id") ?? "";
      return backFrom(context, people, "/", () => people[move](id));
    });
  }
  app.post("/tasks/:id/reopen", (context) => {
    const id = context.req.param("id");
    return backFrom(context, people, `/tasks/${id}`, () => people.reopen(id));
  });
  app.post("/tasks/:id/checklist/:item", async (context) => {
    const { id, item } = context.req.param();
    const { done } = await context.req.parseBody();
    return backFrom(context, people, `/tasks/${id}`, () => people.tick(id, item, done === "Y"));
  });
  app.post("/tasks/:id/questionnaire", async (context) => {
    const id = context.req.param("id");
    const body = await context.req.parseBody();
    return backFrom(context, people, `/tasks/${id}`, () => people.fillIn(id, answersIn(body)));
  });
  return app;
}

/** By the ids of questions. */
function answersIn(body: Readonly<Record<string, unknown>>): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(body).flatMap(([name, value]): [number, string][] =>
      typeof value === "string" && /^q\d+$/.test(name) ? [[Number(name.slice(1)), value]] : []
    ),
  );
}

/** Leads to a page, whatever came of it: someone else may have been quicker, or the portal wants more first. */
function backFrom(context: Context, people: People, path: string, action: () => void): Response {
  try {
    action();
    return context.redirect(path, 303);
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    const id = context.req.param("id") ?? "";
    const isOpen = people.details(id)?.closed === false;
    const refusal = new URLSearchParams({ refusal: error.message.replaceAll("<br>", "") });
    return context.redirect(isOpen ? `/tasks/${id}?${refusal}` : "/?late", 303);
  }
}
