/** The process of the predecessor's recorded messages, built from what they say of it, and the messages themselves. */
import { end, external, flows, start } from "../simulators/camunda/contract_bench.ts";
import response from "./predecessor/response.json" with { type: "json" };
import task from "./predecessor/task.json" with { type: "json" };

export const recorded = { response, task };

const activity = external(
  "Activity_A",
  "bitrix_create_task",
  `<bpmn:extensionElements>
     <camunda:properties>
       <camunda:property name="assigneeId" value="7"/><camunda:property name="UF_RESULT_EXPECTED" value="1"/>
     </camunda:properties>
     <camunda:inputOutput><camunda:inputParameter name="title">Do it</camunda:inputParameter></camunda:inputOutput>
   </bpmn:extensionElements>`,
  'name="Make a thing"',
);

export const recordedFlow = start + activity + end + flows("s>Activity_A", "Activity_A>e");
export const recordedVariables = {
  startedBy: { value: "1", type: "String" },
  i: { value: 264, type: "Integer" },
  text: { value: "…", type: "String" },
  title: { value: "Задача 264", type: "String" },
};
