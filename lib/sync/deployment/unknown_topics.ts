/** Tasks that nobody would take: their topic is none that the worker fetches. */
import { knownTopics, systemOfTopic, systems } from "../../amqp/topology.ts";
import { calledIn } from "../../bpmn/convert/report.ts";
import { type Implemented, isAny, type ModelElement } from "../../bpmn/model.ts";
import { allElements } from "../../bpmn/moddle.ts";
import type { Deployable } from "./deployable.ts";

const IMPLEMENTED = [
  "bpmn:ServiceTask",
  "bpmn:SendTask",
  "bpmn:BusinessRuleTask",
  "bpmn:MessageEventDefinition",
] as const;

/** A warning for each such topic. `extraTopics`: those that WORKER_EXTRA_TOPICS adds to the known ones. */
export function unknownTopicWarnings({ processes }: Deployable, extraTopics: readonly string[]): string[] {
  const fetched = new Set([...systems.flatMap((system) => knownTopics[system]), ...extraTopics]);
  const users = new Map<string, string[]>();
  for (const { element: process } of processes) {
    for (const element of allElements(process)) {
      const topic = isAny(element, IMPLEMENTED) ? topicOf(element) : undefined;
      // What an expression becomes is known when it runs.
      if (topic === undefined || fetched.has(topic) || /[$#]\{/.test(topic)) continue;
      users.set(topic, [...users.get(topic) ?? [], calledIn(ownerOf(element))]);
    }
  }
  return [...users].map(([topic, elements]) => {
    const system = systemOfTopic(topic);
    const entry = system === "default" ? `${topic}=<system>` : topic;
    return `No worker fetches the topic «${topic}», so nobody would do ${elements.join(", ")}. Is it written right? ` +
      `A topic of one's own is named in WORKER_EXTRA_TOPICS as ${entry}.`;
  });
}

function topicOf({ type, topic }: Implemented): string | undefined {
  return type === "external" ? topic : undefined;
}

/** People know the event, not the definition in it. */
function ownerOf(element: ModelElement): ModelElement {
  return element.$type === "bpmn:MessageEventDefinition" ? element.$parent ?? element : element;
}
