/** How fast a worker hands tasks over, beside a bare loop and beside Camunda's own JavaScript client. */
import { BareClient } from "./bare_client.ts";
import { type Result, resultOf } from "./figures.ts";
import { JsClientProcess } from "./js_client_process.ts";
import { alternate, median, perSecond, ratios, spreadOf } from "./measure.ts";
import { Orders } from "./orders.ts";
import { type Corner, openCorner, type Place } from "./place.ts";
import { BenchProgram } from "./program.ts";
import { launchOf } from "../tests/services/launch.ts";
import { QueueReader } from "./queue_reader.ts";

const QUEUE = "bitrix24.queue";
/** Some seconds of work. */
const TASKS = 1_000;
/** The JavaScript client with its defaults takes ten tasks in a third of a second. */
const TASKS_OF_DEFAULT_CLIENT = 100;

/** A worker that runs while others are measured too: it fetches only while the task queue has a reader. */
export class MeasuredWorker implements AsyncDisposable {
  readonly orders: Orders;
  private constructor(readonly corner: Corner, readonly program: BenchProgram, readonly parts: AsyncDisposableStack) {
    this.orders = new Orders(corner.settings["CAMUNDA_BASE_URL"] ?? "", corner.tenantId);
  }

  static async start(camundaUrl: string): Promise<MeasuredWorker> {
    await using parts = new AsyncDisposableStack();
    const corner = parts.use(await openCorner(camundaUrl));
    // A round's tasks stay in their queue: whoever took them out would work on the same processors.
    const settings = { ...corner.settings, WORKER_QUEUE_LIMIT: "1000000" };
    const program = parts.use(await BenchProgram.start("worker", launchOf("worker", "executable"), settings));
    await corner.queue(QUEUE);
    return new MeasuredWorker(corner, program, parts.move());
  }

  /** Lets it have the tasks that there are, until disposed; then they are deleted. */
  async open(consume: typeof QueueReader.open = QueueReader.open): Promise<OpenedWorker> {
    const noticed = this.program.next("worker.system_open");
    const reader = await consume(this.corner.vhost.url, QUEUE);
    const openedAt = await noticed;
    return {
      reader,
      openedAt,
      [Symbol.asyncDispose]: async () => {
        const closed = this.program.next("worker.system_closed");
        await reader.close();
        await this.corner.vhost.withChannel((channel) => channel.purgeQueue(QUEUE));
        await this.orders.clear();
        await closed;
        // The last poll began while the queue was open.
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      },
    };
  }

  /** Makes tasks, lets the worker have them, and returns how many it leased in a second. */
  async rate(many: number): Promise<number> {
    await this.orders.start(many);
    const published = this.program.next("worker.published", many);
    await using opened = await this.open(QueueReader.holdFirst);
    await published;
    await this.orders.leased(many);
    return many / (performance.now() - opened.openedAt) * 1000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.orders.clear();
    await this.parts.disposeAsync();
  }
}

export interface OpenedWorker extends AsyncDisposable {
  readonly reader: QueueReader;
  /** When it noticed, by `performance.now()`. */
  readonly openedAt: number;
}

export async function workerRates(place: Place, wanted: (name: string) => boolean): Promise<Result[]> {
  const { rounds, tell } = place;
  const camundaUrl = await place.camunda();
  await using worker = await MeasuredWorker.start(camundaUrl);
  await using bareCorner = await openCorner(camundaUrl);
  const bareOrders = new Orders(camundaUrl, bareCorner.tenantId);
  const bareClient = new BareClient(camundaUrl, bareCorner.tenantId);

  const bare = async () => {
    await bareOrders.start(TASKS);
    const rate = await perSecond(TASKS, () => bareClient.lease(TASKS));
    await bareOrders.clear();
    return rate;
  };
  const jsClient = (how: "default" | "tuned", many: number) => async () => {
    await bareOrders.start(many);
    await using client = await JsClientProcess.start(how, bareCorner);
    const rate = await client.lease(many, bareOrders);
    await bareOrders.clear();
    return rate;
  };
  const subjects = {
    worker: () => worker.rate(TASKS),
    ...(wanted("worker.vs_bare") ? { bare } : {}),
    ...(wanted("worker.vs_js_client_default") ? { js_default: jsClient("default", TASKS_OF_DEFAULT_CLIENT) } : {}),
    ...(wanted("worker.vs_js_client_tuned") ? { js_tuned: jsClient("tuned", TASKS) } : {}),
  };
  const rates = await alternate(subjects, rounds, tell);
  const compared = (name: string, subject: string): Result[] => {
    const baselines = rates.get(subject);
    if (baselines === undefined) return [];
    const each = ratios(rates.get("worker") ?? [], baselines);
    return [resultOf(name, median(each), { baseline: median(baselines), spread: spreadOf(each) })];
  };
  return [
    ...compared("worker.vs_bare", "bare"),
    ...compared("worker.vs_js_client_default", "js_default"),
    ...compared("worker.vs_js_client_tuned", "js_tuned"),
  ];
}
