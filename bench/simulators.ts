/** Runs a simulator in a process of its own and prints its address: `camunda` or `bitrix24`. Ends with its standard input. */
import type { OpenTask, People } from "../simulators/bitrix24/people.ts";
import { startBitrix24Simulator } from "../simulators/bitrix24/simulator.ts";
import { startCamundaSimulator } from "../simulators/camunda/simulator.ts";

/** People who finish whatever they are given at once, with the answer that is asked for. */
function finishAtOnce({ id, answerExpected }: OpenTask, people: People): void {
  people.finish(id, answerExpected ? { answer: "ДА" } : {});
}

const people = Deno.args.includes("--diligent") ? { onTaskCreated: finishAtOnce } : {};
const url = Deno.args[0] === "bitrix24"
  ? (await startBitrix24Simulator(people)).webhookUrl
  : (await startCamundaSimulator()).baseUrl;
await Deno.stdout.write(new TextEncoder().encode(`${url}\n`));
for await (const _ of Deno.stdin.readable) {
  // Nothing is expected.
}
Deno.exit();
