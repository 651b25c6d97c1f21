/**
 * `deno task demo`: the whole round in one process. StormBPMN, Camunda and Bitrix24 are simulated and the broker is
 * embedded; sync, the worker, the creator and the tracker between them are the real ones, and simulated people do the work.
 */
import { program as creator } from "./creator.ts";
import { requireSettings } from "./lib/config/require_settings.ts";
import { StopControl } from "./lib/program/stop_control.ts";
import { openWatch } from "./lib/sync/commands/watch.ts";
import { syncSettings } from "./lib/sync/sync_settings.ts";
import { configureLogging, writeLine } from "./lib/telemetry/configure_logging.ts";
import { logOf } from "./lib/telemetry/log.ts";
import { systemClock } from "./lib/time/clock.ts";
import { joinSignals } from "./lib/time/joined_signal.ts";
import { Answers } from "./simulators/demo/answers.ts";
import type { CompletedContract } from "./simulators/demo/contracts.ts";
import { type Display, keepShowing, openDisplay, printLine } from "./simulators/demo/display.ts";
import { drawProcess } from "./simulators/demo/drawing.ts";
import { type DemoOptions, parseDemoArguments } from "./simulators/demo/options.ts";
import { DemoPrograms } from "./simulators/demo/programs.ts";
import { Progress } from "./simulators/demo/progress.ts";
import { type Interruption, stopOnSignals } from "./simulators/demo/stop.ts";
import { deadlineMs, type Verdict, verdictOn } from "./simulators/demo/verdict.ts";
import { type DemoWorld, startWorld } from "./simulators/demo/world.ts";
import { program as tracker } from "./tracker.ts";
import { program as worker } from "./worker.ts";

/** What the programs have for finishing what is in hand. */
const DRAIN_MS = 5_000;

/** What a round of the demo is handed. */
export interface DemoContext {
  readonly world: DemoWorld;
  readonly display: Display;
  readonly stop: StopControl;
  readonly interruption: Pick<Interruption, "happened">;
}

/** Runs until all contracts are completed (with `--exit`) or a signal comes. */
async function demo(options: DemoOptions): Promise<Verdict> {
  using stop = new StopControl(DRAIN_MS);
  using interruption = stopOnSignals(stop);
  using display = openDisplay(Deno.env.toObject());
  configureLogging({
    format: "pretty",
    level: options.verbose ? "info" : "warn",
    service: "demo",
    secrets: [],
    write: (line) => display.log(line),
    colour: display.colourLog,
  });
  await using world = await startWorld(options, stop.drain);
  return await carryContracts(options, { world, display, stop, interruption });
}

/** A round in a world of its own; when it resolves the programs have ended, and the world can be looked at. */
export async function carryContracts(options: DemoOptions, context: DemoContext): Promise<Verdict> {
  const { world, display, stop, interruption } = context;
  const { storm, contracts, portal, broker, pages, environment } = world;

  const progress = new Progress(contracts);
  const answers = new Answers({ portal, contracts });
  broker.readEvents("task.#", (_, body) => progress.onEvent(body));
  const programs = new DemoPrograms({ ...world, stop });
  drawProcess(storm);
  programs.startService(
    "sync",
    (context) => openWatch(requireSettings(syncSettings, environment), { dryRun: false }, context),
  );
  programs.start(worker);
  programs.start(creator);
  programs.start(tracker);

  const startedAt = systemClock.now();
  using _view = keepShowing(display, () => ({
    options,
    elapsedMs: systemClock.now() - startedAt,
    deployedVersion: contracts.version,
    completed: contracts.completed,
    ...progress.soFar(),
    openTasks: portal.people.openTasks().length,
    pages,
    phase: interruption.happened ? "ending" : "running",
  }));

  const { instances, exit, people } = options;
  // Nobody hurries a person.
  const deadline = exit && people === "simulated" ? [AbortSignal.timeout(deadlineMs(instances))] : [];
  const over = joinSignals(stop.drain, ...deadline).signal;
  const onCompleted = async (ended: readonly CompletedContract[]) => progress.onCompleted(await answers.lookFor(ended));
  await Promise.all([
    contracts.start(instances, over),
    contracts.follow(exit ? instances : Infinity, onCompleted, over),
  ]);

  const late = !stop.drain.aborted && contracts.completed < instances;
  if (late) logOf("demo").error("demo.late", `Not all contracts ended within ${deadlineMs(instances) / 1000} s`);
  stop.beginDrain("the end of the demo");
  await programs.ended();
  await onCompleted(await contracts.lookForEnds());
  return verdictOn({
    started: contracts.started,
    completed: contracts.completed,
    late,
    portalTasks: portal.ledger(),
    answers: answers.total,
    broken: programs.failed || stop.force.aborted,
  });
}

if (import.meta.main) {
  const parsed = parseDemoArguments(Deno.args);
  if (parsed.kind === "answered") {
    if (parsed.stdout !== "") printLine(parsed.stdout.trimEnd());
    if (parsed.stderr !== "") writeLine(Deno.stderr, parsed.stderr.trimEnd());
    Deno.exit(parsed.exitCode);
  }
  const { answersLine, line, exitCode } = await demo(parsed.options);
  printLine(answersLine);
  printLine(line);
  Deno.exit(exitCode);
}
