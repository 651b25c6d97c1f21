import assert from "node:assert/strict";
import { convert } from "../../../lib/bpmn/convert/convert.ts";
import type { ConvertResult } from "../../../lib/bpmn/convert/result.ts";
import { diffModels } from "../../../lib/sync/diff/diff_models.ts";
import { type DrawnDiagram, drawnDiagrams, putDrawnDiagrams } from "../../../simulators/stormbpmn/drawn_diagrams.ts";
import { startStormSimulator } from "../../../simulators/stormbpmn/simulator.ts";

const calledProcesses = new Map(drawnDiagrams.map(({ id, processKey }) => [id, processKey]));

async function converted(diagram: DrawnDiagram): Promise<Extract<ConvertResult, { kind: "converted" }>> {
  const records = diagram.assignees.map(({ assigneeId, assigneeName, description, ...record }) => ({
    ...record,
    assigneeId: assigneeId === null || assigneeId === undefined ? undefined : String(assigneeId),
    assigneeName: assigneeName ?? undefined,
    description: description ?? undefined,
  }));
  const result = await convert(diagram.xml, { records, calledProcesses });
  assert.equal(result.kind, "converted", `${diagram.name}: ${JSON.stringify(result)}`);
  return result;
}

function drawnAs(name: string): DrawnDiagram {
  const diagram = drawnDiagrams.find((known) => known.name === name);
  assert.ok(diagram !== undefined, name);
  return diagram;
}

async function lossesOf(name: string): Promise<string[]> {
  const { report } = await converted(drawnAs(name));
  return report.filter(({ kind }) => kind === "lost").map(({ elementId = "" }) => elementId).sort();
}

Deno.test("every drawn diagram converts, keeps its process key, and is converted to itself", async () => {
  for (const diagram of drawnDiagrams) {
    const { xml } = await converted(diagram);
    assert.ok(xml.includes(`<bpmn:process id="${diagram.processKey}"`), diagram.name);
    const { xml: again } = await converted({ ...diagram, xml });
    assert.equal(again, xml, diagram.name);
    assert.equal((await diffModels(xml, again)).same, true);
  }
});

Deno.test("every entry of a report is of a known kind and names an element that was drawn", async () => {
  for (const diagram of drawnDiagrams) {
    const { report } = await converted(diagram);
    assert.ok(report.length > 0, diagram.name);
    for (const { kind, elementId, reason } of report) {
      assert.ok(["mapped", "lost", "left_out"].includes(kind));
      assert.ok(reason.trim() !== "");
      if (elementId !== undefined && !elementId.startsWith("Activity_ask_")) {
        assert.ok(diagram.xml.includes(`id="${elementId}"`), `${diagram.name}: ${elementId}`);
      }
    }
  }
});

Deno.test("what is lost in Camunda is reported for the element that was drawn, and nothing else is", async () => {
  const lossy = new Map([
    ["Выезд на объект", ["Gateway_cx", "Gateway_cx"]],
    ["Проведение тендера", ["Activity_ask", "Activity_study", "Flow_m1", "Flow_m2"]],
    ["Рассмотрение претензии", ["Gateway_kind"]],
  ]);
  for (const { name } of drawnDiagrams) assert.deepEqual(await lossesOf(name), lossy.get(name) ?? [], name);
});

Deno.test("together the diagrams have every construct that analysts draw", () => {
  const all = drawnDiagrams.map(({ xml }) => xml).join("");
  for (
    const construct of [
      "participant",
      "laneSet",
      "childLaneSet",
      "messageFlow",
      "textAnnotation",
      "group",
      "documentation",
      "dataObjectReference",
      "dataStoreReference",
      "task",
      "userTask",
      "manualTask",
      "serviceTask",
      "scriptTask",
      "businessRuleTask",
      "sendTask",
      "receiveTask",
      "callActivity",
      "subProcess",
      "transaction",
      "adHocSubProcess",
      "exclusiveGateway",
      "inclusiveGateway",
      "parallelGateway",
      "complexGateway",
      "eventBasedGateway",
      "boundaryEvent",
      "intermediateCatchEvent",
      "intermediateThrowEvent",
      "timerEventDefinition",
      "messageEventDefinition",
      "signalEventDefinition",
      "errorEventDefinition",
      "escalationEventDefinition",
      "compensateEventDefinition",
      "conditionalEventDefinition",
      "linkEventDefinition",
      "terminateEventDefinition",
      "cancelEventDefinition",
      "multiInstanceLoopCharacteristics",
      "standardLoopCharacteristics",
    ]
  ) assert.match(all, new RegExp(`<bpmn:${construct}[ >]`));
  for (
    const words of ["storm:HTMLDescription", "storm:StormAssignee", "storm:StormUrl", 'isExpanded="false"', "bioc:"]
  ) {
    assert.ok(all.includes(words), words);
  }
});

Deno.test("the simulated StormBPMN serves them with assignees, descriptions and links", async () => {
  await using storm = await startStormSimulator();
  putDrawnDiagrams(storm.diagrams);
  assert.equal(storm.diagrams.visible().length, drawnDiagrams.length);
  const incident = storm.diagrams.get(drawnAs("Устранение аварии").id);
  assert.deepEqual(incident.links, [{
    fromItemId: "Activity_spares",
    toDiagramId: drawnAs("Закупка оборудования").id,
  }]);
  const contract = storm.diagrams.get(drawnAs("Согласование договора").id);
  const lawyer = contract.assignees.find(({ elementId }) => elementId === "Activity_check");
  assert.equal(lawyer?.assigneeName, "Юрист");
  assert.match(lawyer?.description ?? "", /# Проверка/);
});
