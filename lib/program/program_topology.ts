/** The queues every program declares: the public contract, and the delays of the queues it consumes. */
import { type amqpSettings, contractNamesOf } from "../amqp/amqp_settings.ts";
import type { Topology } from "../amqp/broker.ts";
import type { retrySettings } from "../amqp/delay.ts";
import { delayQueues, errorsRoutingKey, joinTopologies, taskTopology } from "../amqp/topology.ts";
import type { SettingsOf } from "../config/setting.ts";
import type { SetAsideRoute } from "../messages/set_aside.ts";

type TopologySettings = SettingsOf<typeof amqpSettings & typeof retrySettings>;

/** `extraDelayS`: a delay in seconds besides those of the retry schedule. */
export function programTopology(
  settings: TopologySettings,
  consumed: readonly string[],
  extraDelayS?: number,
): Topology {
  const delays = [...settings.RETRY_DELAYS_SECONDS, ...extraDelayS === undefined ? [] : [extraDelayS]];
  return joinTopologies(
    taskTopology(contractNamesOf(settings)),
    ...consumed.map((queue) => delayQueues(queue, delays)),
  );
}

/** Where messages are set aside: through the tasks exchange, as the predecessor did. */
export function setAsideRouteOf(settings: TopologySettings): SetAsideRoute {
  return { exchange: settings.RABBITMQ_TASKS_EXCHANGE, routingKey: errorsRoutingKey };
}
