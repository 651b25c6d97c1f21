/** An engine of the test's own, with its data on disk, that is restarted in the middle of the work. */
import { startCamunda } from "../services/camunda.ts";
import { HandOverBook, ResponseBook } from "./books.ts";
import { ignore, openFaultWorld, stopsCleanly } from "./fault_world.ts";

Deno.test({
  name: "an engine that restarts while responses are applied completes each of them once",
  ignore,
  async fn() {
    await using owned = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: "exchanger-engine-" });
    owned.defer(() => Deno.remove(folder, { recursive: true }));
    // Without a write delay H2 keeps what it committed, as a real database does.
    const properties = { "spring.datasource.url": `jdbc:h2:file:${folder}/engine;WRITE_DELAY=0` };
    let engine = await startCamunda({ properties });
    owned.defer(() => engine[Symbol.asyncDispose]());
    const port = Number(new URL(engine.baseUrl).port);

    await using world = await openFaultWorld({ camunda: engine });
    const worker = await world.startWorker();
    const handOver = new HandOverBook("engine restarted", world);
    const responses = new ResponseBook("engine restarted", world);
    await handOver.start(60);
    await handOver.arrived();
    await world.leased(60);

    await responses.answer([...handOver.tasks.values()]);
    await worker.logged("worker.completed", { times: 10 });
    await engine[Symbol.asyncDispose]();
    await worker.unready(/camunda: /);
    engine = await startCamunda({ properties, port });

    await handOver.start(10);
    await handOver.arrived();
    await responses.settled();
    await worker.ready();
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});
