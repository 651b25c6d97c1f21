/**
 * Tasks of every kind become external tasks: their topic says which system does them, and that is where people work. What the
 * engine itself can do as drawn (a script, an expression, a decision table, a message that has a name) stays.
 */
import {
  type Activity,
  type CallActivity,
  type FlowNode,
  is,
  isExactly,
  type ReceiveTask,
  type ScriptTask,
  type ServiceTaskLike,
} from "../model.ts";
import { create } from "../moddle.ts";
import { callLinkedProcess } from "./call_activities.ts";
import { allNodes, type Conversion } from "./conversion.ts";
import { retype } from "./edit.ts";
import { isImplemented, makeExternal, topicIn, topicOf } from "./implementation.ts";
import { hasName } from "./roots.ts";

export function settleTasks(conversion: Conversion): void {
  for (const node of allNodes(conversion)) {
    if (isExactly(node, "bpmn:Task", "bpmn:UserTask", "bpmn:ManualTask")) becomeExternal(node, conversion);
    else if (is(node, "bpmn:ServiceTask") || is(node, "bpmn:SendTask") || is(node, "bpmn:BusinessRuleTask")) {
      settleServiceTask(node, conversion);
    } else if (is(node, "bpmn:ScriptTask")) settleScriptTask(node, conversion);
    else if (is(node, "bpmn:ReceiveTask")) settleReceiveTask(node, conversion);
    else if (is(node, "bpmn:CallActivity")) settleCall(node, conversion);
  }
}

function becomeExternal(task: Activity, conversion: Conversion, why = ""): void {
  const topic = topicOf(conversion.settings.of(task.id ?? ""), conversion);
  conversion.report.mapped(task, `${why}It is an external task with the topic ${topic}.`);
  const hasForm = task.extensionElements?.values.some(({ $type }) => FORMS.has($type)) ?? false;
  if (hasForm) conversion.report.lost(task, "Its form has no effect: the work is done in another system.");
  makeExternal(retype(conversion, task, "bpmn:ServiceTask"), topic);
}

const FORMS: ReadonlySet<string> = new Set(["camunda:FormData", "camunda:FormProperty", "camunda:TaskListener"]);

/** Service, send and business rule tasks can be external as what they are. */
function settleServiceTask(task: ServiceTaskLike, conversion: Conversion): void {
  const { settings, report } = conversion;
  const decided = topicIn(settings.own(task.id ?? ""));
  if (isImplemented(task) && (decided === undefined || decided === task.topic)) return;
  const topic = decided ?? topicOf(settings.of(task.id ?? ""), conversion);
  makeExternal(task, topic);
  task.set("decisionRef", undefined);
  report.mapped(task, `Nothing is said about how it is done: it is an external task with the topic ${topic}.`);
}

function settleScriptTask(task: ScriptTask, conversion: Conversion): void {
  if (task.script?.trim() || task.resource?.trim()) return;
  becomeExternal(task, conversion, "It has no script. ");
}

/** Without a message that has a name, it would wait for ever: nobody could send it. */
function settleReceiveTask(task: ReceiveTask, conversion: Conversion): void {
  if (task.incoming.some(({ sourceRef }) => is(sourceRef, "bpmn:EventBasedGateway"))) {
    becomeCatchEvent(task, conversion);
  } else if (!hasName(task.messageRef)) {
    becomeExternal(task, conversion, "No message is named that it could wait for. ");
  }
}

/** Camunda wants events after an event-based gateway. The events pass gives a message to one that has none. */
function becomeCatchEvent(task: ReceiveTask, conversion: Conversion): FlowNode {
  const { messageRef } = task;
  const event = retype(conversion, task, "bpmn:IntermediateCatchEvent");
  conversion.report.mapped(task, "After an event-based gateway Camunda has events only: it is a message event.");
  const definition = create("bpmn:MessageEventDefinition", messageRef === undefined ? {} : { messageRef });
  definition.$parent = event;
  event.eventDefinitions.push(definition);
  return event;
}

function settleCall(call: CallActivity, conversion: Conversion): void {
  if (callLinkedProcess(call, conversion)) return;
  const topic = topicOf(conversion.settings.of(call.id ?? ""), conversion);
  conversion.report.lost(
    call,
    `It does not say which process it calls: it is an external task with the topic ${topic}.`,
  );
  makeExternal(retype(conversion, call, "bpmn:ServiceTask"), topic);
}
