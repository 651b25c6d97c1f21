import assert from "node:assert/strict";
import { converted, problems } from "./converting.ts";
import { definition, diagram, flow, node, path, timer } from "./drawing.ts";

const MESSAGE = '<bpmn:message id="M" name="answer" />';
const message = (ref = "") => `<bpmn:messageEventDefinition${ref && ` messageRef="${ref}"`} />`;
/** Start, the event `X`, end. */
const between = (event: string, beside = "") =>
  diagram(node("startEvent", "S") + event + node("endEvent", "E") + path("S", "X", "E"), { beside });
/** A task `T` with the boundary event `X`. */
const boundary = (definitions: string, name = "Late", beside = "") =>
  diagram(
    node("startEvent", "S") + node("task", "T") + node('boundaryEvent attachedToRef="T"', "X", name, definitions) +
      node("endEvent", "E") + path("S", "T") + path("X", "E"),
    { beside },
  );

for (
  const [what, xml] of [
    ["an intermediate timer", between(node("intermediateCatchEvent", "X", "3 days", timer("P3D")))],
    [
      "an intermediate message with a name",
      between(node("intermediateCatchEvent", "X", "Answer", message("M")), MESSAGE),
    ],
    [
      "a signal that is thrown",
      between(
        node("intermediateThrowEvent", "X", "Go", '<bpmn:signalEventDefinition signalRef="Si" />'),
        '<bpmn:signal id="Si" name="go" />',
      ),
    ],
    ["a plain intermediate event", between(node("intermediateThrowEvent", "X", "Half way"))],
    [
      "a condition",
      between(
        node(
          "intermediateCatchEvent",
          "X",
          "Paid",
          definition("conditional", '<bpmn:condition xsi:type="bpmn:tFormalExpression">${paid}</bpmn:condition>'),
        ),
      ),
    ],
    ["a timer on the border of a task", boundary(timer("PT8H"))],
    [
      "an error on the border of a task",
      boundary('<bpmn:errorEventDefinition errorRef="Er" />', "Failed", '<bpmn:error id="Er" errorCode="E1" />'),
    ],
    ["a message on the border of a task", boundary(message("M"), "Cancelled", MESSAGE)],
  ] as const
) {
  Deno.test(`${what} stays`, async () => {
    const { file, reasons } = await converted(xml);
    assert.equal(file.type("X"), /<bpmn:(\w+) id="X"/.exec(xml)?.[1]);
    assert.ok(
      file.element("X").children.some(({ name }) => name.endsWith("EventDefinition")) || !xml.includes("Definition"),
    );
    assert.deepEqual(reasons("X"), []);
  });
}

for (const [kind, inner] of [["terminate", ""], ["error", ""], ["escalation", ""], ["signal", ""]] as const) {
  Deno.test(`an end event with ${kind} stays, with a name made of its own where one is needed`, async () => {
    const drawn = diagram(
      node("startEvent", "S") + node("endEvent", "X", "Refused", definition(kind, inner)) + path("S", "X"),
    );
    const { file } = await converted(drawn);
    assert.ok(file.child("X", `${kind}EventDefinition`));
    const code = { terminate: undefined, error: "errorCode", escalation: "escalationCode", signal: "name" }[kind];
    if (code !== undefined) assert.equal(file.all(kind)[0]?.attributes.get(code), "Refused");
  });
}

Deno.test("an error without a code gets one where it is thrown", async () => {
  const drawn = diagram(
    node("startEvent", "S") + node("endEvent", "X", "x", '<bpmn:errorEventDefinition errorRef="Er" />') +
      path("S", "X"),
    { beside: '<bpmn:error id="Er" name="No money" />' },
  );
  assert.equal((await converted(drawn)).file.attribute("Er", "errorCode"), "No money");
});

for (const [type, id] of [["intermediateThrowEvent", "X"], ["endEvent", "X"]] as const) {
  Deno.test(`the message of a ${type} is sent by an external task`, async () => {
    const drawn = type === "endEvent"
      ? diagram(node("startEvent", "S") + node(type, id, "Tell", message()) + path("S", "X"))
      : between(node(type, id, "Tell", message()));
    const { file, told } = await converted(drawn);
    const attributes = file.child("X", "messageEventDefinition")?.attributes;
    assert.equal(attributes?.get("{http://camunda.org/schema/1.0/bpmn}type"), "external");
    assert.equal(attributes?.get("{http://camunda.org/schema/1.0/bpmn}topic"), "bitrix_create_task");
    assert.ok(told.includes("mapped X"));
  });
}

Deno.test("a wait for a message without a name is done by a person: nobody could send the message", async () => {
  const { file, told } = await converted(between(node("intermediateCatchEvent", "X", "Answer came", message())));
  assert.equal(file.type("X"), "serviceTask");
  assert.equal(file.attribute("X", "name"), "Answer came");
  assert.equal(file.attribute("X", "topic"), "bitrix_create_task");
  assert.ok(told.includes("mapped X"));
});

Deno.test("a wait of unknown length is done by a person, and reported as a loss", async () => {
  const { file, told } = await converted(between(node("intermediateCatchEvent", "X", undefined, definition("timer"))));
  assert.equal(file.type("X"), "serviceTask");
  assert.equal(file.attribute("X", "name"), "Дождаться срока");
  assert.ok(told.includes("lost X"));
});

Deno.test("a timer without a time goes off as its name says", async () => {
  const { file, told } = await converted(boundary(definition("timer"), "Прошло 3 дня"));
  assert.equal(file.child("X", "timerEventDefinition")?.children[0]?.text, "P3D");
  assert.ok(told.includes("mapped X"));
});

Deno.test("a timer without a time goes off after the duration that StormBPMN records", async () => {
  const { file } = await converted(boundary(definition("timer")), { records: [{ elementId: "X", duration: 900 }] });
  assert.equal(file.child("X", "timerEventDefinition")?.children[0]?.text, "PT900S");
});

Deno.test("a time that the engine would stumble over at run time is read as words", async () => {
  const { file } = await converted(between(node("intermediateCatchEvent", "X", "Wait", timer("2 часа"))));
  assert.equal(file.child("X", "timerEventDefinition")?.children[0]?.text, "PT2H");
});

Deno.test("what is decided about a timer counts before what is drawn", async () => {
  const { file } = await converted(boundary(timer("PT1H")), {
    mapping: { elements: { X: { timer: "через неделю" } } },
  });
  assert.equal(file.child("X", "timerEventDefinition")?.children[0]?.text, "P7D");
});

for (
  const [what, definitions] of [
    ["a message without a name", message()],
    ["a timer without a time", definition("timer")],
    ["an escalation on a task", definition("escalation")],
    ["nothing at all", ""],
  ] as const
) {
  Deno.test(`${what} on the border of a task becomes a message of its own, and is reported as a loss`, async () => {
    const { file, told } = await converted(boundary(definitions));
    assert.equal(file.type("X"), "boundaryEvent");
    const ref = file.child("X", "messageEventDefinition")?.attributes.get("messageRef") ?? "";
    assert.equal(file.attribute(ref, "name"), "P.X");
    assert.ok(told.includes("lost X"));
  });
}

Deno.test("two events that wait for the same message on one task would be refused by the engine: one gets its own", async () => {
  const drawn = diagram(
    node("startEvent", "S") + node("task", "T") + node('boundaryEvent attachedToRef="T"', "X", "a", message("M")) +
      node('boundaryEvent attachedToRef="T"', "Y", "b", message("M")) + path("S", "T"),
    { beside: MESSAGE },
  );
  const { file, told } = await converted(drawn);
  assert.equal(file.child("X", "messageEventDefinition")?.attributes.get("messageRef"), "M");
  assert.equal(file.child("Y", "messageEventDefinition")?.attributes.get("messageRef"), "Message_Y");
  assert.ok(told.includes("lost Y"));
});

for (const kind of ["timer", "message", "signal"]) {
  Deno.test(`a start event with ${kind} that says nothing more starts by hand or by its name`, async () => {
    const drawn = diagram(node("startEvent", "X", "Morning", definition(kind)) + node("task", "T") + path("X", "T"));
    const { file, told } = await converted(drawn);
    const kept = file.child("X", `${kind}EventDefinition`) !== undefined;
    assert.equal(kept, kind === "signal");
    assert.ok(told.includes(kind === "signal" ? "mapped X" : "lost X"));
  });
}

Deno.test("a start event with a timer stays, also when its name alone says when", async () => {
  const drawn = diagram(
    node("startEvent", "X", "Каждый день в 9:30", definition("timer")) + node("task", "T") + path("X", "T"),
  );
  const { file } = await converted(drawn);
  assert.equal(file.child("X", "timerEventDefinition")?.children[0]?.text, "0 30 9 * * ?");
});

Deno.test("of several causes of an event one stays, and the others are reported", async () => {
  const { file, reasons } = await converted(
    between(node("intermediateCatchEvent", "X", "x", timer("PT1H") + message("M")), MESSAGE),
  );
  assert.deepEqual(file.element("X").children.filter(({ name }) => name.endsWith("Definition")).length, 1);
  assert.match(reasons("X").join(), /message event has no effect/);
});

Deno.test("an intermediate event without a cause is passed", async () => {
  const { file } = await converted(between(node("intermediateCatchEvent", "X", "Milestone")));
  assert.equal(file.type("X"), "intermediateThrowEvent");
});

Deno.test("after an event-based gateway events stay events", async () => {
  const drawn = diagram(
    node("startEvent", "S") + node("eventBasedGateway", "G") +
      node("intermediateCatchEvent", "X", "Answer", message()) +
      node("intermediateCatchEvent", "Y", "2 days", timer("P2D")) + path("S", "G", "X") + flow("G", "Y"),
  );
  const { file } = await converted(drawn);
  assert.deepEqual([file.type("X"), file.type("Y")], ["intermediateCatchEvent", "intermediateCatchEvent"]);
  assert.equal(file.attribute("Message_X", "name"), "P.X");
});

Deno.test("a task after an event-based gateway is refused by name", async () => {
  const drawn = diagram(
    node("startEvent", "S") + node("eventBasedGateway", "G", "What first?") + node("task", "X", "Do") +
      path("S", "G", "X"),
  );
  const [problem] = await problems(drawn);
  assert.match(problem?.reason ?? "", /«What first\?» \(G\): «Do» \(X\) follows it/);
});

Deno.test("links jump by the names of their events where they have none themselves", async () => {
  const drawn = diagram(
    node("startEvent", "S") + node("intermediateThrowEvent", "A", "Further", definition("link")) +
      node("intermediateCatchEvent", "B", "Further", definition("link")) + node("task", "T") + path("S", "A") +
      path("B", "T"),
  );
  const { file, told } = await converted(drawn);
  for (const id of ["A", "B"]) assert.equal(file.child(id, "linkEventDefinition")?.attributes.get("name"), "Further");
  assert.equal(told.includes("lost T"), false);
});

Deno.test("links of one name in two sub-processes get names of their own: the engine looks in the whole file", async () => {
  const link = (suffix: string) =>
    node(
      "subProcess",
      `X${suffix}`,
      "x",
      node("startEvent", `S${suffix}`) + node("intermediateThrowEvent", `A${suffix}`, "L", definition("link")) +
        node("intermediateCatchEvent", `B${suffix}`, "L", definition("link")) + path(`S${suffix}`, `A${suffix}`),
    );
  const { file } = await converted(diagram(node("startEvent", "S") + link("1") + link("2") + path("S", "X1", "X2")));
  const name = (id: string) => file.child(id, "linkEventDefinition")?.attributes.get("name");
  assert.equal(name("A1"), name("B1"));
  assert.equal(name("A2"), name("B2"));
  assert.notEqual(name("A1"), name("A2"));
});

Deno.test("a link that leads nowhere ends its path, and is reported", async () => {
  const { file, told } = await converted(
    diagram(node("startEvent", "S") + node("intermediateThrowEvent", "A", "L", definition("link")) + path("S", "A")),
  );
  assert.equal(file.child("A", "linkEventDefinition"), undefined);
  assert.ok(told.includes("lost A"));
});

Deno.test("an event sub-process begins with its event", async () => {
  const inner = node("startEvent", "X", "Error", definition("error")) + node("task", "T2") + path("X", "T2");
  const drawn = diagram(
    node("startEvent", "S") + node("task", "T") + path("S", "T") +
      node('subProcess triggeredByEvent="true"', "ES", "On error", inner),
  );
  const { file, told } = await converted(drawn);
  assert.ok(file.child("X", "errorEventDefinition"));
  assert.equal(told.some((entry) => entry.startsWith("lost")), false);
});
