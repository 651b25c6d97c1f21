/** Who does the work of a task: whether the drawing says it, and how it becomes an external task. */
import { type BaseElement, type Implemented, is, type ServiceTaskLike } from "../model.ts";
import { knownTopics, type System } from "../../amqp/topology.ts";
import type { Conversion } from "./conversion.ts";
import type { ElementSettings } from "./mapping.ts";
import { defaultTopic } from "./options.ts";

/** A task, or the message definition of an event that sends. */
export type Work = BaseElement & Implemented;

/** An external task with a topic, or anything that the engine itself can run. */
export function isImplemented(element: Work): boolean {
  if (element.type === "external") return Boolean(element.topic?.trim());
  if ([element.type, element.class, element.expression, element.delegateExpression].some((given) => given?.trim())) {
    return true;
  }
  if (is(element, "bpmn:BusinessRuleTask") && element.decisionRef?.trim()) return true;
  return element.extensionElements?.values.some(({ $type }) => $type === "camunda:Connector") ?? false;
}

/** Whether people or a system do it over our queues. */
export function isExternal(element: BaseElement | undefined): element is ServiceTaskLike {
  return element !== undefined && element.get("type") === "external";
}

export function makeExternal(element: Work, topic: string): void {
  for (const name of ["class", "expression", "delegateExpression", "resultVariable"]) {
    if (element.get(name) !== undefined) element.set(name, undefined);
  }
  element.type = "external";
  element.topic = topic;
}

/** The topic that the settings say, else the one of this conversion. */
export function topicOf(settings: ElementSettings, { options }: Conversion): string {
  return topicIn(settings) ?? options.topic ?? defaultTopic;
}

export function topicIn({ topic, system }: ElementSettings): string | undefined {
  return topic ?? (system === undefined ? undefined : SYSTEM_TOPICS[system]);
}

/** With which topic each system makes what a step of a process is there. */
const SYSTEM_TOPICS: Readonly<Record<System, (typeof knownTopics)[System][number]>> = {
  "bitrix24": "bitrix_create_task",
  "openproject": "op_create_task",
  "1c": "1c_create_document",
  "python-services": "python",
};
