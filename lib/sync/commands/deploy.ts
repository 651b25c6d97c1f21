/** `exchanger-sync deploy`: converted files, or diagrams straight from StormBPMN, become processes in Camunda. */
import { basename } from "node:path";
import { InvalidArgumentError } from "commander";
import { z } from "zod";
import { Delivery } from "../delivery.ts";
import { cockpitLink } from "../deployment/cockpit_link.ts";
import { convertChoices } from "../drawing_converter.ts";
import type { RoundOutcome } from "../synchroniser.ts";
import type { Choose, CommandContext } from "./context.ts";
import { mappingFlags, mappingHelp, mappingOf } from "./mapping_option.ts";
import { complaints, isBad, outcomeWords } from "./outcome_words.ts";
import { loadSource, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { type Tried, tryEach } from "./try_each.ts";

const deployOptions = z.object({
  ...commonOptions,
  name: z.string().optional(),
  activateAt: z.date().optional(),
  older: z.enum(["keep", "suspend", "migrate"]).optional(),
  takeOver: z.boolean().optional(),
  strict: z.boolean().optional(),
  mapping: z.string().optional(),
});
type DeployOptions = z.infer<typeof deployOptions>;
const sources = z.array(z.string());

interface Deployed {
  readonly source: string;
  readonly outcome: RoundOutcome;
}

export function deployCommand(choose: Choose) {
  return subCommand({
    name: "deploy",
    summary: "Deploys converted files as they are, or diagrams of StormBPMN after converting them.",
    examples: [
      { command: "exchanger-sync deploy camunda_order.bpmn", what: "a converted file" },
      { command: "exchanger-sync deploy 6b547a8f-a78f-4375-b39e-59c4afd9388e", what: "pulls, converts and deploys" },
      { command: "exchanger-sync deploy camunda_*.bpmn --dry-run", what: "says what would become a new version" },
      {
        command: "exchanger-sync deploy camunda_order.bpmn --activate-at 2030-02-01T00:00+03:00",
        what: "from then on",
      },
    ],
    writes: true,
  })
    .argument("<file|id...>", "converted BPMN files, or diagrams' ids or addresses in StormBPMN")
    .option("--name <text>", "of the deployment (default: the diagram's, or the file's)")
    .option(
      "--activate-at <time>",
      "until then nothing can be started of it; with an offset: 2030-02-01T00:00+03:00",
      readDate,
    )
    .option(
      "--older <what>",
      "keep, suspend or migrate: what becomes of older versions (default: SYNC_OLDER_VERSIONS)",
      readOlder,
    )
    .option("--take-over", "replace a process even if it was made of another diagram")
    .option("--strict", "with an id: refuses a diagram of which something would be lost")
    .option(mappingFlags, mappingHelp)
    .action((named, raw) => {
      const options = deployOptions.parse(raw);
      const all = sources.parse(named);
      choose((context) => deploy(all, options, context));
    });
}

async function deploy(named: readonly string[], options: DeployOptions, context: CommandContext): Promise<number> {
  const { settings, signal } = context;
  const choices = convertChoices(settings, { ...options, mapping: await mappingOf(options.mapping, context) });
  const { deployer, camunda } = context.openDeployer({
    takeOver: options.takeOver ?? settings.SYNC_TAKE_OVER,
    ...(options.older && { olderVersions: options.older }),
  });
  try {
    const tried = await tryEach<string, Deployed>(
      named,
      deployOne,
      (source, reason) => ({ source, outcome: { kind: "failed", reason: reason.replace(`${source}: `, "") } }),
      signal,
    );
    return show(tried, options, context);
  } finally {
    camunda.close();
  }

  async function deployOne(text: string): Promise<Deployed> {
    const source = sourceOf(text);
    const { drawing, converter } = await loadSource(source, { choices }, context);
    const { dryRun, activateAt, name = drawing.name } = options;
    const delivery = new Delivery({ dryRun, activateAt }, { converter, deployer });
    const outcome = source.kind === "file"
      // Its processes say themselves what they were made of.
      ? await delivery.deliverConverted({ ...drawing, name, facts: undefined }, basename(source.path), signal)
      : await delivery.deliver({ ...drawing, name }, signal);
    return { source: drawing.label, outcome };
  }
}

function show(
  { rows: all, stoppedBy }: Tried<Deployed>,
  { json, dryRun }: DeployOptions,
  context: CommandContext,
): number {
  const ok = stoppedBy === undefined && all.every(({ outcome }) => !isBad(outcome));
  const cockpit = context.settings.SYNC_COCKPIT_URL;
  if (json) {
    const sources = all.map(({ source, outcome }) => ({ source, ...outcome }));
    context.stdout(JSON.stringify({ ok, dryRun, sources, stoppedBy: stoppedBy?.text }));
  }
  for (const { source, outcome } of all) {
    for (const complaint of complaints(source, outcome)) context.stderr(complaint);
    if (json || isBad(outcome)) continue;
    const { result, note } = outcomeWords(outcome);
    context.stdout(`${source}: ${result}${note === "" ? "" : ` (${note})`}`);
    if (cockpit === undefined || outcome.kind !== "deployed") continue;
    for (const definition of outcome.definitions) context.stdout(`  ${cockpitLink(cockpit, definition)}`);
  }
  if (stoppedBy !== undefined) context.stderr(stoppedBy.text);
  return stoppedBy?.exitCode ?? (ok ? 0 : 1);
}

function readDate(text: string): Date {
  const date = new Date(text);
  const hasOffset = /T.*(Z|[+-]\d\d:?\d\d)$/i.test(text);
  if (hasOffset && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("A time with its offset looks like 2030-02-01T00:00+03:00.");
}

function readOlder(text: string): string {
  if (["keep", "suspend", "migrate"].includes(text)) return text;
  throw new InvalidArgumentError("It is keep, suspend or migrate.");
}
