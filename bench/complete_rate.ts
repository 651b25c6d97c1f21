/** How fast a worker carries answers into Camunda, beside completing the same tasks bare. */
import { encodeMessage } from "../lib/messages/json.ts";
import { BareClient } from "./bare_client.ts";
import { type Result, resultOf } from "./figures.ts";
import { alternate, median, perSecond, ratios, spreadOf } from "./measure.ts";
import { Orders } from "./orders.ts";
import { openCorner, type Place } from "./place.ts";
import { publishAll } from "./publish_all.ts";
import { MeasuredWorker } from "./worker_rates.ts";

const TASKS = 500;

/** What the portal answered, and what the worker makes of it. */
const response = { result: { task: { id: "1042", title: "Order", status: "5", ufResultAnswer: "ДА" } } };
const variables = {
  bitrix_task_id: { value: "1042", type: "String" },
  bitrix_task_title: { value: "Order", type: "String" },
  bitrix_task_status: { value: "5", type: "String" },
};

export async function completeRate(place: Place): Promise<Result[]> {
  const { rounds, tell } = place;
  const camundaUrl = await place.camunda();
  await using worker = await MeasuredWorker.start(camundaUrl);
  await using corner = await openCorner(camundaUrl);
  const bareOrders = new Orders(camundaUrl, corner.tenantId);
  const bareClient = new BareClient(camundaUrl, corner.tenantId);

  const rates = await alternate(
    {
      bare: async () => {
        await bareOrders.start(TASKS);
        const tasks = await bareClient.fetchAndLock(TASKS, 0);
        const rate = await perSecond(TASKS, () => bareClient.complete(tasks.map(({ id }) => id), variables));
        await bareOrders.clear();
        return rate;
      },
      worker: async () => {
        await worker.orders.start(TASKS);
        const holder = new BareClient(camundaUrl, worker.corner.tenantId);
        const tasks = await holder.fetchAndLock(TASKS, 0);
        const responses = tasks.map(({ id, processInstanceId }) => ({
          body: encodeMessage({
            timestamp: Date.now(),
            original_queue: "bitrix24.queue",
            original_message: {
              task_id: id,
              topic: "bitrix_create_task",
              system: "bitrix24",
              variables: {},
              process_instance_id: processInstanceId,
              activity_id: "Activity_order",
              worker_id: "bare",
              metadata: {},
            },
            response_data: response,
            processing_status: "completed_by_tracker",
          }),
        }));
        worker.program.freeze();
        await publishAll(worker.corner.vhost.url, "camunda.responses.queue", responses);
        const completed = worker.program.next("worker.completed", TASKS);
        const rate = await perSecond(TASKS, () => {
          worker.program.thaw();
          return completed;
        });
        await worker.orders.clear();
        return rate;
      },
    },
    rounds,
    tell,
  );
  const baselines = rates.get("bare") ?? [];
  const each = ratios(rates.get("worker") ?? [], baselines);
  return [resultOf("complete.vs_bare", median(each), { baseline: median(baselines), spread: spreadOf(each) })];
}
