/** The options with which a command chooses diagrams. */
import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { choices } from "../../config/schemas.ts";
import { diagramStatuses } from "../../stormbpmn/diagram.ts";

const words = z.string().transform((text) => text.split(",").map((word) => word.trim()).filter((word) => word !== ""));

export const selectionShape = {
  status: z.array(z.enum(diagramStatuses)).optional(),
  author: words.optional(),
  quality: z.number().optional(),
  updated: z.string().optional(),
};

const STATUSES = diagramStatuses.join(", ");

/** @param otherwise what is taken without them: `all diagrams` */
export function addSelection(command: Command, otherwise: string): Command {
  return command
    .option("--status <words>", `${STATUSES}; several with commas (without it: ${otherwise})`, readStatuses)
    .option("--author <e-mails>", "of whoever drew it; several with commas")
    .option("--quality <number>", "at least this, from 0 to 10", readQuality)
    .option("--updated <time>", "changed then or later: 2030-01-31, or with a time, 2030-01-31T08:00", readTime);
}

function readStatuses(text: string) {
  const { data } = choices(diagramStatuses).safeParse(text);
  if (data !== undefined) return data;
  throw new InvalidArgumentError(`It is one of ${STATUSES}, or several of them with commas.`);
}

function readQuality(text: string): number {
  const quality = Number(text);
  if (text.trim() !== "" && quality >= 0 && quality <= 10) return quality;
  throw new InvalidArgumentError("It is a number from 0 to 10.");
}

/** In the local time of StormBPMN's server, as it says times itself. */
function readTime(text: string): string {
  if (/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("A time looks like 2030-01-31 or 2030-01-31T08:00.");
}
