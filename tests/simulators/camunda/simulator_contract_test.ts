/** The Camunda contract on the simulator always, and on a real engine when one is given. */
import { startCamundaSimulator } from "../../../simulators/camunda/simulator.ts";
import { camundaAvailable } from "../../services/camunda.ts";
import { camundaContract } from "./contract.ts";

camundaContract("Camunda simulator", () => startCamundaSimulator());

if (camundaAvailable) {
  const baseUrl = (Deno.env.get("CAMUNDA_BASE_URL") ?? "").replace(/\/$/u, "");
  camundaContract("Camunda engine", () => Promise.resolve({ baseUrl, async [Symbol.asyncDispose]() {} }));
}
