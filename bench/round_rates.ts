/** How fast the creator and the tracker handle messages when the target answers at once. */
import { fileURLToPath } from "node:url";
import { type Launch, launchOf } from "../tests/services/launch.ts";
import { type Result, resultOf } from "./figures.ts";
import { alternate, median, perSecond, spreadOf } from "./measure.ts";
import { Orders } from "./orders.ts";
import { type Corner, openCorner, type Place } from "./place.ts";
import { BenchProgram } from "./program.ts";
import { publishAll } from "./publish_all.ts";
import { type KeptMessage, QueueReader } from "./queue_reader.ts";
import { startSimulator } from "./simulator_process.ts";

const TASKS = 5_000;
/** Longer than a round: what waits stays there until it is counted. */
const INTERVAL_S = 3_600;
const WAITING_QUEUE = `bitrix24.waiting.${INTERVAL_S}s`;

/** The instant target is no program of its own: it runs from source, as `deno task` would. */
function instantProgram(name: "creator" | "tracker"): Launch {
  const { command, args, env } = launchOf(name, "source");
  const entry = fileURLToPath(new URL("./instant_programs.ts", import.meta.url));
  return { command, args: [...args.slice(0, -1), entry, name], env };
}

export async function roundRates(place: Place, wanted: (name: string) => boolean): Promise<Result[]> {
  const { rounds, tell } = place;
  await using camunda = await startSimulator("camunda");
  await using corner = await openCorner(camunda.url);
  const orders = new Orders(camunda.url, corner.tenantId);
  await orders.start(TASKS);
  const tasks = await taskMessages(corner);

  await using creator = await BenchProgram.start("creator", instantProgram("creator"), corner.settings);
  await corner.queue("bitrix24.queue", { consumers: 1 });
  /** What the creator makes of the tasks, and how many of them in a second. */
  const create = () => passed(creator, corner, { from: "bitrix24.queue", to: "bitrix24.sent.queue" }, tasks);
  const sent = (await create()).messages;
  const results: Result[] = [];
  if (wanted("creator.rate")) {
    const rates = (await alternate({ creator: async () => (await create()).rate }, rounds, tell)).get("creator");
    results.push(resultOf("creator.rate", median(rates ?? []), { spread: spreadOf(rates ?? []) }));
  }
  await creator.stop();
  if (!wanted("tracker.checks_per_s")) return results;

  const settings = { ...corner.settings, TRACKER_INTERVAL_SECONDS: String(INTERVAL_S) };
  await using tracker = await BenchProgram.start("tracker", instantProgram("tracker"), settings);
  await corner.queue("bitrix24.sent.queue", { consumers: 1 });
  const look = (messages: readonly KeptMessage[]) =>
    passed(tracker, corner, { from: "bitrix24.sent.queue", to: WAITING_QUEUE }, messages);
  // The first look is at what the creator wrote, all others at what waits.
  const waiting = (await look(sent)).messages;
  const rates = (await alternate({ tracker: async () => (await look(waiting)).rate }, rounds, tell)).get(
    "tracker",
  );
  results.push(resultOf("tracker.checks_per_s", median(rates ?? []), { spread: spreadOf(rates ?? []) }));
  await tracker.stop();
  return results;
}

/** What a worker publishes for the tasks that there are. */
async function taskMessages(corner: Corner): Promise<readonly KeptMessage[]> {
  const settings = { ...corner.settings, WORKER_NEEDS_CONSUMER: "false" };
  await using worker = await BenchProgram.start("worker", launchOf("worker", "executable"), settings);
  await corner.queue("bitrix24.queue");
  await using reader = await QueueReader.open(corner.vhost.url, "bitrix24.queue");
  await reader.received(TASKS);
  await worker.stop();
  return reader.messages;
}

/** Puts messages before a program that stands still, lets it go on, and takes what it has made of all of them. */
async function passed(
  program: BenchProgram,
  corner: Corner,
  queues: { readonly from: string; readonly to: string },
  messages: readonly KeptMessage[],
): Promise<{ readonly rate: number; readonly messages: readonly KeptMessage[] }> {
  program.freeze();
  await publishAll(corner.vhost.url, queues.from, messages);
  const rate = await perSecond(messages.length, () => {
    program.thaw();
    // Only counted: whoever took them out would make work for the broker that is not the program's.
    return program.whileRunning(corner.filled(queues.to, messages.length));
  });
  await using reader = await QueueReader.open(corner.vhost.url, queues.to);
  await reader.received(messages.length);
  return { rate, messages: reader.messages };
}
