/**
 * What the portal is asked: requests for each task that is created at load, minimal and rich, and for a look at a thousand
 * open tasks. The adapter works on a portal that answers at once; only requests are counted, so one run says it.
 */
import { idOf, never, portal } from "../tests/adapters/bitrix24/portal_place.ts";
import { sent, task } from "../tests/adapters/bitrix24/messages.ts";
import { richMessage, richPlace } from "../tests/adapters/bitrix24/creation/rich_place.ts";
import { trackerSettings } from "../lib/tracker/tracker_settings.ts";
import type { TaskMessage } from "../lib/messages/task_message.ts";
import { type Result, resultOf } from "./figures.ts";
import type { Place } from "./place.ts";

/** What a creator hands over at once when its queue is full. */
const BATCH = 50;
const BATCHES = 4;
const OPEN_TASKS = 1_000;

type PortalPlace = Awaited<ReturnType<typeof portal>>;

export async function bitrix24Requests(_place: Place): Promise<Result[]> {
  await using minimal = await portal();
  minimal.simulator.addon.template("P", "A", { template: { TITLE: "T", RESPONSIBLE_ID: "7" } });
  const plain = (taskId: string) =>
    task(taskId, { activity_id: "A", process_definition_key: "P", process_instance_id: taskId });
  await using rich = await richPlace();
  return [
    resultOf("bitrix24.requests_per_minimal_task", await requestsPerTask(minimal, plain)),
    resultOf(
      "bitrix24.requests_per_rich_task",
      await requestsPerTask(rich, (taskId) => ({ ...richMessage, task_id: taskId })),
    ),
    resultOf("bitrix24.track_requests_per_1000", await requestsPerLook()),
  ];
}

async function requestsPerTask(
  { simulator, system }: PortalPlace,
  messageOf: (taskId: string) => TaskMessage,
): Promise<number> {
  const before = simulator.requestCount;
  for (let batch = 0; batch < BATCHES; batch++) {
    const tasks = Array.from({ length: BATCH }, (_, n) => messageOf(`order-${batch}-${n}`));
    (await system.create(tasks, never)).forEach(idOf);
  }
  return (simulator.requestCount - before) / (BATCHES * BATCH);
}

async function requestsPerLook(): Promise<number> {
  await using place = await portal();
  const { simulator, system } = place;
  const tasks = Array.from({ length: OPEN_TASKS }, (_, n) => task(`order-${n}`));
  const ids = (await system.create(tasks, never)).map(idOf);
  const open = ids.map((id, n) => sent(`order-${n}`, id));
  const batchSize = Number(trackerSettings.TRACKER_BATCH_SIZE.default);
  const look = async () => {
    for (let at = 0; at < open.length; at += batchSize) await system.track(open.slice(at, at + batchSize), never);
  };
  await look(); // what is asked once per start is not part of a cycle
  const before = simulator.requestCount;
  await look();
  return simulator.requestCount - before;
}
