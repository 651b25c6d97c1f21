/** A simulated Camunda, a client of it, and a way to give it files. */
import { createDeployment, type NewDeployment } from "../../../lib/camunda/deployment.ts";
import { startCamundaSimulator } from "../../../simulators/camunda/simulator.ts";
import { CamundaDriver } from "../../services/camunda_driver.ts";
import { clientFor } from "./camunda_fixture.ts";

export async function openCamunda() {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await startCamundaSimulator());
  const camunda = stack.use(clientFor(simulator.baseUrl));
  const owned = stack.move();
  return {
    camunda,
    driver: new CamundaDriver(simulator.baseUrl),
    deploy: (xml: string, more: Partial<NewDeployment> = {}) =>
      createDeployment(camunda, { name: "d", resources: new Map([["a.bpmn", xml]]), ...more }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
