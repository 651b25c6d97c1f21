/** The version of Exchanger, from deno.json: imported, so that compiled programs carry it. */
import { z } from "zod";
import project from "../../deno.json" with { type: "json" };

export const version: string = z.object({ version: z.string().default("0.0.0") }).parse(project).version;
