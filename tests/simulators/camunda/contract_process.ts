/** The contract of running processes: gateways, scopes, errors, multi-instance activities, mappings. */
import assert from "node:assert/strict";
import {
  type Bench,
  type ContractCase,
  end,
  external,
  flows,
  oneTask,
  start,
  type Task,
  Typed,
} from "./contract_bench.ts";

const boundary = (id: string, host: string, attributes: string) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}"><bpmn:errorEventDefinition ${attributes}/></bpmn:boundaryEvent>`;
const mapping = (parameters: string) =>
  `<bpmn:extensionElements><camunda:inputOutput>${parameters}</camunda:inputOutput></bpmn:extensionElements>`;
const input = (name: string, value: string) =>
  `<camunda:inputParameter name="${name}">${value}</camunda:inputParameter>`;
const output = (name: string, value: string) =>
  `<camunda:outputParameter name="${name}">${value}</camunda:outputParameter>`;
const subProcess = (id: string, inner: string, attributes = "") =>
  `<bpmn:subProcess id="${id}" ${attributes}>${inner}</bpmn:subProcess>`;
const errorEnd = `<bpmn:endEvent id="ee"><bpmn:errorEventDefinition errorRef="Refused"/></bpmn:endEvent>`;

async function bpmnError(bench: Bench, { id }: Task, errorCode: string, body: object = {}): Promise<void> {
  await bench.ok("POST", `/external-task/${id}/bpmnError`, { workerId: "w1", errorCode, ...body });
}

/** Which activities have a task now. */
async function waitingAt(bench: Bench, processInstanceId: string): Promise<string[]> {
  const found = await bench.ok("POST", "/external-task", { processInstanceId });
  return JSON.parse(JSON.stringify(found)).map(({ activityId }: { activityId: string }) => activityId).sort();
}

export const processContract: readonly ContractCase[] = [
  ["takes the first flow whose condition holds, else the default", async (bench) => {
    const gateway = '<bpmn:exclusiveGateway id="G" default="f3_G_C"/>';
    const t = (id: string) => external(id, bench.topic);
    await bench.deploy(
      start + gateway + t("A") + t("B") + t("C") +
        flows("s>G", "G>A: ${x == 'ok' && n > 1}", "G>B: ${x == 'ok' || flag}", "G>C"),
    );
    const path = async (x: string, n: number, flag: boolean) =>
      await waitingAt(bench, await bench.start({ x, n, flag }));
    assert.deepEqual(await path("ok", 2, false), ["A"]);
    assert.deepEqual(await path("ok", 1, false), ["B"]);
    assert.deepEqual(await path("no", 2, true), ["B"]);
    assert.deepEqual(await path("no", 2, false), ["C"]);
  }],
  ["loops back as long as the answer is not yes", async (bench) => {
    await bench.deploy(
      start + external("A", bench.topic) + '<bpmn:exclusiveGateway id="G"/>' + end +
        flows("s>A", "A>G", "G>A: ${A != 'ok'}", "G>e: ${A == 'ok'}"),
    );
    const id = await bench.start();
    for (const answer of ["no", "no", "ok"]) {
      await bench.complete(await bench.fetchOne(), { variables: { A: { value: answer } } });
    }
    assert.equal(await bench.state(id), "COMPLETED");
  }],
  ["joins parallel branches when the last one arrives", async (bench) => {
    await bench.deploy(
      start + '<bpmn:parallelGateway id="F"/><bpmn:parallelGateway id="J"/>' + external("A", bench.topic) +
        external("B", bench.topic) + external("C", bench.topic) + end +
        flows("s>F", "F>A", "F>B", "A>J", "B>J", "J>C", "C>e"),
    );
    const id = await bench.start();
    const [first, second] = await bench.fetch();
    assert.ok(first && second);
    await bench.complete(first);
    assert.deepEqual(await waitingAt(bench, id), [second.activityId]);
    await bench.complete(second);
    assert.deepEqual(await waitingAt(bench, id), ["C"]);
    await bench.complete(await bench.fetchOne());
    assert.equal(await bench.state(id), "COMPLETED");
  }],
  ["joins only the branches that an inclusive gateway has taken", async (bench) => {
    await bench.deploy(
      start + '<bpmn:inclusiveGateway id="F"/><bpmn:inclusiveGateway id="J"/>' + external("A", bench.topic) +
        external("B", bench.topic) + external("C", bench.topic) + external("D", bench.topic) + end +
        flows("s>F", "F>A: ${a}", "F>B: ${b}", "F>C: ${c}", "A>J", "B>J", "C>J", "J>D", "D>e"),
    );
    const id = await bench.start({ a: true, b: true, c: false });
    const [first, second] = await bench.fetch();
    assert.ok(first && second);
    await bench.complete(first);
    assert.deepEqual(await waitingAt(bench, id), [second.activityId]);
    await bench.complete(second);
    assert.deepEqual(await waitingAt(bench, id), ["D"]);
  }],
  ["hands an error to the boundary event of its code, with the variables that came along", async (bench) => {
    await bench.deploy(
      start + external("A", bench.topic) + external("B", bench.topic) + external("C", bench.topic) + end +
        boundary("Any", "A", "") +
        boundary(
          "Mine",
          "A",
          'errorRef="Refused" camunda:errorCodeVariable="code" camunda:errorMessageVariable="why"',
        ) +
        flows("s>A", "A>e", "Any>B", "B>e", "Mine>C", "C>e"),
    );
    const id = await bench.start();
    await bpmnError(bench, await bench.fetchOne(), "REFUSED", {
      errorMessage: "no money",
      variables: { v: { value: 1 } },
    });
    assert.deepEqual(await bench.history(id), { code: "REFUSED", why: "no money", v: 1 });
    assert.deepEqual(await waitingAt(bench, id), ["C"]);
    const other = await bench.start();
    await bpmnError(
      bench,
      (await bench.fetch()).find((task) => task.processInstanceId === other) ?? assert.fail(),
      "OTHER",
    );
    assert.deepEqual(await waitingAt(bench, other), ["B"]);
  }],
  ["ends the branch without an incident when nothing catches an error", async (bench) => {
    await bench.deploy(
      start + external("A", bench.topic) + external("B", bench.topic) + end +
        boundary("Mine", "A", 'errorRef="Refused"') +
        flows("s>A", "A>B", "B>e", "Mine>e"),
    );
    const id = await bench.start();
    await bpmnError(bench, await bench.fetchOne(), "OTHER");
    assert.equal(await bench.state(id), "COMPLETED");
    assert.deepEqual(await bench.incidents(id), []);
  }],
  ["ends only the round of a multi-instance task whose error nothing catches", async (bench) => {
    const loop = '<bpmn:multiInstanceLoopCharacteristics isSequential="true">' +
      '<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    await bench.deploy(start + external("A", bench.topic, loop) + external("B", bench.topic) + flows("s>A", "A>B"));
    const id = await bench.start();
    await bpmnError(bench, await bench.fetchOne(), "NOBODY");
    await bench.complete(await bench.fetchOne());
    assert.deepEqual(await waitingAt(bench, id), ["B"]);
  }],
  ["ends a sub-process by an error end event and goes on at its boundary", async (bench) => {
    const inner = `<bpmn:startEvent id="is"/><bpmn:parallelGateway id="F"/>${external("A", bench.topic)}${
      external("B", `${bench.topic}2`)
    }
      ${errorEnd}<bpmn:endEvent id="ie"/>${flows("is>F", "F>A", "F>B", "A>ee", "B>ie")}`.replaceAll('id="f', 'id="i');
    await bench.deploy(
      start + subProcess("S", inner) + boundary("Caught", "S", 'errorRef="Refused"') + external("C", bench.topic) +
        end +
        flows("s>S", "S>e", "Caught>C", "C>e"),
    );
    const id = await bench.start();
    assert.deepEqual(await waitingAt(bench, id), ["A", "B"]);
    await bench.complete(await bench.fetchOne());
    assert.deepEqual(await waitingAt(bench, id), ["C"], "the other branch was cancelled");
  }],
  ["runs an event sub-process instead of its process when that catches the error", async (bench) => {
    const handler = `<bpmn:startEvent id="hs"><bpmn:errorEventDefinition errorRef="Refused"/></bpmn:startEvent>
      ${external("H", bench.topic)}<bpmn:endEvent id="he"/>${flows("hs>H", "H>he")}`.replaceAll('id="f', 'id="h');
    await bench.deploy(oneTask(bench.topic) + subProcess("Handler", handler, 'triggeredByEvent="true"'));
    const id = await bench.start();
    await bpmnError(bench, await bench.fetchOne(), "REFUSED");
    await bench.complete(await bench.fetchOne());
    assert.equal(await bench.state(id), "COMPLETED");
  }],
  ["ends everything at a terminate end event", async (bench) => {
    const terminate = `<bpmn:endEvent id="t"><bpmn:terminateEventDefinition/></bpmn:endEvent>`;
    await bench.deploy(
      start + '<bpmn:parallelGateway id="F"/>' + external("A", bench.topic) + external("B", `${bench.topic}2`) +
        terminate +
        end + flows("s>F", "F>A", "F>B", "A>t", "B>e"),
    );
    const id = await bench.start();
    await bench.complete(await bench.fetchOne());
    assert.equal(await bench.state(id), "COMPLETED");
    assert.deepEqual(await waitingAt(bench, id), []);
  }],
  ["runs the rounds of a parallel multi-instance task side by side, each with its own loopCounter", async (bench) => {
    const inner = mapping(input("mine", "v-${loopCounter}")) +
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    await bench.deploy(oneTask(bench.topic, inner));
    const id = await bench.start();
    const tasks = await bench.fetch();
    const seen = tasks.map(({ variables }) => `${variables["loopCounter"]?.value} ${variables["mine"]?.value}`).sort();
    assert.deepEqual(seen, ["0 v-0", "1 v-1"]);
    assert.deepEqual(Object.keys(tasks[0]?.variables ?? {}).sort(), [
      "loopCounter",
      "mine",
      "nrOfActiveInstances",
      "nrOfCompletedInstances",
      "nrOfInstances",
    ]);
    const [first, second] = tasks;
    assert.ok(first && second);
    await bench.complete(first, { variables: { shared: { value: "first" } }, localVariables: { own: { value: 1 } } });
    const left = Object.fromEntries((await bench.variableInstances(id)).map((variable) => [variable.name, variable]));
    assert.equal(left["nrOfCompletedInstances"]?.value, 1);
    assert.equal(left["nrOfActiveInstances"]?.value, 1);
    assert.equal(left["shared"]?.executionId, id, "a new variable belongs to the process");
    assert.equal(left["own"], undefined, "a local one is gone with its round");
    await bench.complete(second);
    assert.equal(await bench.state(id), "COMPLETED");
  }],
  ["runs the rounds of a sequential multi-instance task one after the other, over a collection", async (bench) => {
    const loop =
      `<bpmn:multiInstanceLoopCharacteristics isSequential="true" camunda:collection="people" camunda:elementVariable="person">
      <bpmn:completionCondition xsi:type="bpmn:tFormalExpression">\${nrOfCompletedInstances == 2}</bpmn:completionCondition>
      </bpmn:multiInstanceLoopCharacteristics>`;
    await bench.deploy(oneTask(bench.topic, loop));
    const listInfo = { objectTypeName: "java.util.ArrayList", serializationDataFormat: "application/json" };
    const id = await bench.start({ people: new Typed('["Anna","Boris","Vera"]', "Object", listInfo) });
    for (const [round, name] of ["Anna", "Boris"].entries()) {
      const task = await bench.fetchOne();
      assert.equal(task.variables["person"]?.value, name);
      assert.equal(task.variables["loopCounter"]?.value, round);
      await bench.complete(task);
    }
    assert.equal(await bench.state(id), "COMPLETED", "the completion condition ends it before the third");
  }],
  ["maps variables into an activity and out of it, with their types", async (bench) => {
    const inner = mapping(
      input("sum", "${n + 1}") + input("half", "${n / 2}") + input("same", "${n}") + input("text", "n is ${n}") +
        input("more", "${n &gt; 2}") + output("result", "${own}"),
    );
    await bench.deploy(
      start + external("A", bench.topic, inner) + external("B", bench.topic) + end + flows("s>A", "A>B", "B>e"),
    );
    await bench.start({ n: 3 });
    const task = await bench.fetchOne();
    const seen = Object.entries(task.variables).map(([name, { type, value }]) => `${name} ${type} ${value}`).sort();
    assert.deepEqual(seen, [
      "half Double 1.5",
      "more Boolean true",
      "n Integer 3",
      "same Integer 3",
      "sum Long 4",
      "text String n is 3",
    ]);
    await bench.refused(500, "POST", `/external-task/${task.id}/complete`, { workerId: "w1" });
    await bench.complete(task, { localVariables: { own: { value: "r" } } });
    const next = await bench.fetchOne();
    assert.deepEqual(Object.keys(next.variables).sort(), ["n", "result"]);
    assert.equal(next.variables["result"]?.value, "r");
  }],
  [
    "writes a completed variable where it lives, so that an input parameter hides it from the process",
    async (bench) => {
      await bench.deploy(
        start + external("A", bench.topic, mapping(input("x", "inner"))) + external("B", bench.topic) + end +
          flows("s>A", "A>B", "B>e"),
      );
      await bench.start({ x: "outer" });
      await bench.complete(await bench.fetchOne(), { variables: { x: { value: "answer" } } });
      assert.equal((await bench.fetchOne()).variables["x"]?.value, "outer");
    },
  ],
  ["compares and computes in conditions as JUEL does", async (bench) => {
    const conditions = [
      "${n == '3'}",
      "${n ge 3 and not (n gt 3)}",
      "${empty nothing}",
      "${nothing == null}",
      "${text.contains('b') && text.length() == 3}",
      "${json.prop('a').numberValue() == 1}",
      "${json.hasProp('b') ? false : true}",
      "${execution.getVariable('absent') == null}",
      "${execution.processBusinessKey == 'bk'}",
      "#{yes != 'false'}",
      "${7 mod 4 == n}",
      "${-n < 0}",
      '${list.size() == 2 && list[1] == "y"}',
      "${real > n - 1}",
      "${text < 'abd'}",
    ];
    const gateways = conditions.map((_, i) => `<bpmn:exclusiveGateway id="G${i}" default="f${2 * i + 2}_G${i}_x"/>`)
      .join("");
    const lines = conditions.flatMap((condition, i) => [`G${i}>G${i + 1}: ${condition}`, `G${i}>x`]);
    await bench.deploy(
      start + gateways + `<bpmn:exclusiveGateway id="G${conditions.length}"/>` + external("A", bench.topic) +
        '<bpmn:userTask id="x"/>' + flows("s>G0", ...lines, `G${conditions.length}>A`),
    );
    const listInfo = { objectTypeName: "java.util.ArrayList", serializationDataFormat: "application/json" };
    const list = new Typed('["x","y"]', "Object", listInfo);
    const json = new Typed('{"a":1}', "Json");
    await bench.start({ n: 3, nothing: null, text: "abc", json, yes: true, list, real: 2.5 }, { businessKey: "bk" });
    await bench.fetchOne();
  }],
];
