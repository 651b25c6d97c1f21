/** The options with which a command chooses diagrams. */
import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";

const words = z.string().transform((text) => text.split(",").map((word) => word.trim()).filter((word) => word !== ""));

export const selectionShape = {
  status: words.optional(),
  author: words.optional(),
  quality: z.number().optional(),
  updated: z.string().optional(),
};

/** @param otherwise what is taken without them: `all diagrams` */
export function addSelection(command: Command, otherwise: string): Command {
  return command
    .option("--status <words>", `NEW, IN_PROGRESS, DONE, ARCHIVED; several with commas (without it: ${otherwise})`)
    .option("--author <e-mails>", "of whoever drew it; several with commas")
    .option("--quality <number>", "at least this, from 0 to 10", readQuality)
    .option("--updated <time>", "changed then or later: 2030-01-31, or with a time, 2030-01-31T08:00", readTime);
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
