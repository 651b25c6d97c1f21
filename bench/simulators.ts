/** Runs a simulator in a process of its own and prints its address: `camunda` or `bitrix24`. Ends with its standard input. */
import { startBitrix24Simulator } from "../simulators/bitrix24/simulator.ts";
import { startCamundaSimulator } from "../simulators/camunda/simulator.ts";

/** People who finish whatever they are given at once. */
const diligent = Deno.args.includes("--diligent");

const url = Deno.args[0] === "bitrix24"
  ? (await startBitrix24Simulator({ onTaskCreated: (task, people) => diligent && people.finish(task.id) })).webhookUrl
  : (await startCamundaSimulator()).baseUrl;
await Deno.stdout.write(new TextEncoder().encode(`${url}\n`));
for await (const _ of Deno.stdin.readable) {
  // Nothing is expected.
}
Deno.exit();
