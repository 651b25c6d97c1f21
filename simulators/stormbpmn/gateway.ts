/** What stands before every route: faults on demand. */
import type { Context, Next } from "hono";
import type { Faults } from "./faults.ts";
import { StormRefusal } from "./storm_refusal.ts";

export async function gateway(faults: Faults, context: Context, next: Next): Promise<Response | void> {
  if (faults.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.latencyMs));
  if (faults.down) return context.html("<h1>502 Bad Gateway</h1>", 502);
  const { path } = context.req;
  const failure = faults.takeFailure(path);
  if (failure !== undefined) {
    for (const [name, value] of Object.entries(failure.headers ?? {})) context.header(name, value);
    if (failure.body === undefined) throw new StormRefusal(failure.status, failure.message ?? "Simulated");
    return new Response(failure.body, { status: failure.status, headers: { ...failure.headers } });
  }
  const garbling = faults.takeGarbling(path);
  switch (garbling) {
    case undefined:
      return await next();
    case "html":
      return context.html("<h1>Sign in</h1>");
    case "truncated": {
      await next();
      const text = await context.res.text();
      context.res = new Response(text.slice(0, text.length / 2), { headers: { "content-type": "application/json" } });
      return;
    }
    case "broken":
      return brokenAnswer();
  }
}

/** Promises more than it sends, so the connection breaks. */
function brokenAnswer(): Response {
  const body = new ReadableStream({ start: (controller) => controller.close() });
  return new Response(body, { headers: { "content-type": "application/json", "content-length": "100" } });
}
