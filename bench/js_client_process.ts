/** `js_client.ts` as a process. */
import { fileURLToPath } from "node:url";
import { perSecond } from "./measure.ts";
import type { Orders } from "./orders.ts";
import type { Corner } from "./place.ts";
import { QueueReader } from "./queue_reader.ts";

const QUEUE = "js-client";

export class JsClientProcess implements AsyncDisposable {
  private constructor(
    private readonly process: Deno.ChildProcess,
    private readonly corner: Corner,
    private readonly reader: QueueReader,
  ) {}

  /** Resolves when the first message has come: starting up is not what is compared. */
  static async start(how: "default" | "tuned", corner: Corner): Promise<JsClientProcess> {
    const { vhost, tenantId, settings } = corner;
    await vhost.withChannel((channel) =>
      channel.assertQueue(QUEUE, { durable: true, arguments: { "x-queue-type": "quorum" } })
    );
    const reader = await QueueReader.holdFirst(vhost.url, QUEUE);
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        fileURLToPath(new URL("./js_client.ts", import.meta.url)),
        how,
        settings["CAMUNDA_BASE_URL"] ?? "",
        tenantId,
        vhost.url,
        QUEUE,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    return new JsClientProcess(process, corner, reader);
  }

  /** Tasks leased in a second, from the first that was published on. */
  async lease(many: number, orders: Orders): Promise<number> {
    await this.reader.received(1);
    return await perSecond(many, async () => {
      await this.corner.filled(QUEUE, many - 1); // the first is held by the reader
      await orders.leased(many);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
    await this.reader.close();
    await this.corner.vhost.deleteQueue(QUEUE);
  }
}
