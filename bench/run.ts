/**
 * `deno task bench [NAME…] [--json]`: measures what docs/performance.md explains. A name is a figure or the beginning of
 * some (`worker`, `tracker.checks_per_s`); without names all are measured.
 */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { nearestName } from "../lib/config/nearest_name.ts";
import { writeLine } from "../lib/telemetry/configure_logging.ts";
import { benchmarks } from "./benchmarks.ts";
import { figures, type Result } from "./figures.ts";
import { openPlace } from "./place.ts";
import { table } from "./table.ts";

async function main(args: readonly string[]): Promise<number> {
  const names = Object.keys(figures);
  const line = new Command("deno task bench")
    .description(
      "Measures Exchanger on a real RabbitMQ and a real Camunda, which it starts, against baselines of the same run.",
    )
    .argument("[name...]", "figures, or beginnings of their names; all when none is given", readName)
    .option("--json", "one JSON object in place of the table")
    .option("--list", "what can be measured")
    .option("--rounds <count>", "rounds that count", readRounds, 7)
    .exitOverride();
  try {
    line.parse([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const { json, list, rounds } = line.opts<{ json?: true; list?: true; rounds: number }>();
  if (list) {
    for (const [name, { about }] of Object.entries(figures)) writeLine(Deno.stdout, `${name.padEnd(36)}${about}`);
    return 0;
  }
  const asked: readonly string[] = line.processedArgs[0] ?? [];
  const wanted = (name: string) => asked.length === 0 || asked.some((begin) => name.startsWith(begin));
  const tell = (what: string) => writeLine(Deno.stderr, what);

  const results: Result[] = [];
  const opened = await openPlace({ rounds, tell }).catch((error: Error) => tell(error.message));
  if (opened === undefined) return 1;
  await using place = opened;
  for (const { gives, run } of benchmarks) {
    if (!gives.some(wanted)) continue;
    tell(`— ${gives.filter(wanted).join(", ")}`);
    results.push(...(await run(place, wanted)).filter(({ name }) => wanted(name)));
  }
  results.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  writeLine(Deno.stdout, json ? JSON.stringify({ results }) : table(results));
  return results.every(({ met }) => met) ? 0 : 1;
}

function readName(name: string, before: readonly string[] | undefined): readonly string[] {
  const names = Object.keys(figures);
  if (names.some((known) => known.startsWith(name))) return [...before ?? [], name];
  const meant = nearestName(name, names);
  throw new InvalidArgumentError(meant === undefined ? "--list shows the names." : `Did you mean ${meant}?`);
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new InvalidArgumentError("It is a whole number, at least 1.");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
