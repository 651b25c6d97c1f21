import assert from "node:assert/strict";
import { converted } from "./converting.ts";
import { type Box, type Converted, definition, diagram, file, flow, node, path, picture } from "./drawing.ts";

const event = (x: number, y = 100): Box => ({ x, y: y - 18, width: 36, height: 36 });
const task = (x: number, y = 100): Box => ({ x, y: y - 40, width: 100, height: 80 });
const gateway = (x: number, y = 100): Box => ({ x, y: y - 25, width: 50, height: 50 });

function overlaps(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height &&
    other.y < one.y + one.height;
}

/** Steps must not lie on each other, and flows must begin and end at the borders of what they connect. */
function assertDrawable(file: Converted, steps: readonly string[], flows: readonly string[]): void {
  for (const [index, one] of steps.entries()) {
    for (const other of steps.slice(index + 1)) {
      assert.ok(!overlaps(file.box(one), file.box(other)), `${one} lies on ${other}`);
    }
  }
  for (const id of flows) {
    const points = file.waypoints(id);
    assert.ok(points.length >= 2, id);
    const ends = [[points[0], file.attribute(id, "sourceRef")], [
      points.at(-1),
      file.attribute(id, "targetRef"),
    ]] as const;
    for (const [point, step] of ends) {
      assert.ok(isOnBorder(point, file.box(step ?? "")), `${id} does not touch ${step}`);
    }
  }
}

function isOnBorder(point: readonly [number, number] | undefined, { x, y, width, height }: Box): boolean {
  const [px = NaN, py = NaN] = point ?? [];
  const inside = px >= x && px <= x + width && py >= y && py <= y + height;
  return inside && (px === x || px === x + width || py === y || py === y + height);
}

const chain = node("startEvent", "S") + node("exclusiveGateway", "G", "Ready?") + node("task", "A") +
  node("task", "B") +
  path("S", "G") + flow("G", "A", "да") + flow("G", "B", "нет");
const boxes = { S: event(0), G: gateway(86), A: task(200), B: task(200, 250) };
const edges = ["S_G", "G_A", "G_B"];

Deno.test("a question task stands before its gateway; what is right of it makes room", async () => {
  const { file } = await converted(diagram(chain, { picture: picture(boxes, edges) }));
  assert.deepEqual(file.box("S"), boxes.S);
  assert.deepEqual(file.box("Activity_ask_G"), task(86));
  assert.deepEqual(file.box("G"), gateway(236));
  assert.deepEqual(file.box("A"), task(350));
  assertDrawable(file, ["S", "Activity_ask_G", "G", "A", "B"], [...edges, "Flow_ask_G"]);
});

Deno.test("a start event and a question task before the same gateway stand side by side", async () => {
  const drawn = node("exclusiveGateway", "G", "Ready?") + node("task", "A") + node("task", "B") +
    flow("G", "A", "да") + flow("G", "B", "нет");
  const { G, A, B } = boxes;
  const { file } = await converted(diagram(drawn, { picture: picture({ G, A, B }, ["G_A", "G_B"]) }));
  assert.deepEqual(file.box("StartEvent_P"), event(86));
  assert.deepEqual(file.box("Activity_ask_G"), task(172));
  assert.deepEqual(file.box("G"), gateway(322));
  assertDrawable(file, ["StartEvent_P", "Activity_ask_G", "G", "A", "B"], ["Flow_start_G", "Flow_ask_G", "G_A", "G_B"]);
});

Deno.test("lanes and sub-processes around a question task grow with it", async () => {
  const lanes =
    '<bpmn:laneSet id="LS"><bpmn:lane id="L" name="Desk"><bpmn:flowNodeRef>X</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>';
  const drawn = lanes + node("startEvent", "S0") + node("subProcess", "X", "x", chain) + path("S0", "X");
  const all = {
    L: { x: -200, y: 0, width: 600, height: 400 },
    X: { x: -20, y: 20, width: 350, height: 300 },
    S0: event(-100),
    ...boxes,
  };
  const { file } = await converted(diagram(drawn, { picture: picture(all, [...edges, "S0_X"]) }));
  assert.deepEqual(file.box("L"), { ...all.L, width: 750 });
  assert.deepEqual(file.box("X"), { ...all.X, width: 500 });
});

Deno.test("a step that lies across the cut stays, and its flows stay with it", async () => {
  const drawn = chain + node("task", "W") + node("task", "V") + path("S", "W", "V");
  const all = { ...boxes, W: task(30, 400), V: task(300, 400) };
  const { file } = await converted(diagram(drawn, { picture: picture(all, [...edges, "S_W", "W_V"]) }));
  assert.deepEqual(file.box("W"), all.W);
  assertDrawable(file, ["S", "Activity_ask_G", "G", "A", "B", "W", "V"], [...edges, "S_W", "W_V"]);
});

/** An edge from the lower border of the gateway of `boxes` to `y`. */
function downTo(id: string, y: number): string {
  return `<bpmndi:BPMNEdge id="${id}_edge" bpmnElement="${id}"><di:waypoint x="111" y="125" /><di:waypoint x="111" y="${y}" /></bpmndi:BPMNEdge></bpmndi:BPMNPlane>`;
}

Deno.test("a step right below a gateway goes with it, and the flow between them stays upright", async () => {
  const drawn = picture({ ...boxes, B: task(61, 250) }, ["S_G", "G_A"]).replace(
    "</bpmndi:BPMNPlane>",
    downTo("G_B", 210),
  );
  const { file } = await converted(diagram(chain, { picture: drawn }));
  assert.deepEqual(file.box("B"), task(211, 250));
  assert.deepEqual(file.waypoints("G_B"), [[261, 125], [261, 210]]);
});

Deno.test("an upright flow whose ends move apart gets bends", async () => {
  const drawn = picture({ ...boxes, B: task(30, 250) }, ["S_G", "G_A"]).replace(
    "</bpmndi:BPMNPlane>",
    downTo("G_B", 210),
  );
  const { file } = await converted(diagram(chain, { picture: drawn }));
  assert.deepEqual(file.box("B"), task(30, 250));
  assert.deepEqual(file.waypoints("G_B"), [[261, 125], [261, 167.5], [111, 167.5], [111, 210]]);
});

Deno.test("the name beside a gateway does not lie on the question task before it", async () => {
  const label =
    '<bpmndi:BPMNLabel><dc:Bounds x="20" y="60" width="80" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>';
  const drawn = picture(boxes, edges).replace(/(bpmnElement="G"><dc:Bounds [^>]*>)<\/bpmndi:BPMNShape>/, `$1${label}`);
  const { file } = await converted(diagram(chain, { picture: drawn }));
  const [bounds] = file.all("BPMNLabel").flatMap(({ children }) => children);
  assert.equal(bounds?.attributes.get("x"), "190");
});

Deno.test("a new flow goes below the steps that stand between its ends", async () => {
  const drawn = node("task", "A") + node("endEvent", "E") + node("task", "B") + path("A", "E");
  const { file } = await converted(
    diagram(drawn, { picture: picture({ A: task(0), E: event(150), B: task(250) }, ["A_E"]) }),
  );
  const start = file.box("StartEvent_P");
  const [x, right] = [start.x + 18, file.box("B").x + 50];
  assert.deepEqual(file.waypoints("Flow_start_B"), [[x, 118], [x, 158], [right, 158], [right, 140]]);
});

Deno.test("a boundary event goes with its task", async () => {
  const drawn = chain + node('boundaryEvent attachedToRef="A"', "X", "1 day", definition("timer")) +
    node("endEvent", "E") + path("X", "E");
  const all = { ...boxes, X: event(282, 140), E: event(400, 180) };
  const { file } = await converted(diagram(drawn, { picture: picture(all, [...edges, "X_E"]) }));
  assert.equal(file.box("X").x - file.box("A").x, 82);
});

Deno.test("a question task that would lie on a step across the cut goes up or down", async () => {
  const drawn = chain + node("task", "W") + path("S", "W");
  const all = { ...boxes, W: task(30, 160) };
  const { file } = await converted(diagram(drawn, { picture: picture(all, edges) }));
  assertDrawable(file, ["Activity_ask_G", "G", "A", "W"], ["S_G", "Flow_ask_G"]);
});

Deno.test("an event that became a task gets the size of one", async () => {
  const drawn = node("startEvent", "S") + node("intermediateCatchEvent", "W", "Answer", definition("message")) +
    node("endEvent", "E") + path("S", "W", "E");
  const { file } = await converted(
    diagram(drawn, { picture: picture({ S: event(0), W: event(86), E: event(172) }, ["S_W", "W_E"]) }),
  );
  assert.deepEqual(file.box("W"), task(86));
  assert.deepEqual(file.box("E"), event(236));
  assertDrawable(file, ["S", "W", "E"], ["S_W", "W_E"]);
});

Deno.test("a start event that was not drawn and the end of a gateway are drawn", async () => {
  const drawn = node("task", "A") + node("exclusiveGateway", "G") + path("A", "G");
  const { file } = await converted(diagram(drawn, { picture: picture({ A: task(0), G: gateway(150) }, ["A_G"]) }));
  assertDrawable(file, ["StartEvent_P", "A", "G", "Event_end_G"], ["A_G", "Flow_start_A", "Flow_end_G"]);
});

Deno.test("shapes of pools, annotations and message flows go from the picture", async () => {
  const process = node("startEvent", "S") + node("task", "A") + path("S", "A") +
    '<bpmn:textAnnotation id="N"><bpmn:text>x</bpmn:text></bpmn:textAnnotation><bpmn:association id="As" sourceRef="A" targetRef="N" />';
  const { file: out } = await converted(file(
    '<bpmn:collaboration id="C"><bpmn:participant id="Po" name="Pool" processRef="P" /></bpmn:collaboration>' +
      `<bpmn:process id="P">${process}</bpmn:process>` +
      picture({ Po: { x: -50, y: 0, width: 500, height: 200 }, S: event(0), A: task(86), N: task(300) }, ["S_A"], "C"),
  ));
  const shown = [...out.all("BPMNShape"), ...out.all("BPMNEdge"), ...out.all("BPMNPlane")].map(({ attributes }) =>
    attributes.get("bpmnElement")
  );
  assert.deepEqual(shown, ["S", "A", "S_A", "P"]);
});

Deno.test("each of several pools gets a picture of its own, since there is no collaboration any more", async () => {
  const steps = (suffix: string) =>
    node("startEvent", `S${suffix}`) + node("task", `A${suffix}`) + path(`S${suffix}`, `A${suffix}`);
  const { file: out } = await converted(file(
    '<bpmn:collaboration id="C"><bpmn:participant id="P1" processRef="X1" /><bpmn:participant id="P2" processRef="X2" /></bpmn:collaboration>' +
      `<bpmn:process id="X1">${steps("1")}</bpmn:process><bpmn:process id="X2">${steps("2")}</bpmn:process>` +
      picture({ S1: event(0), A1: task(86), S2: event(0, 400), A2: task(86, 400) }, ["S1_A1", "S2_A2"], "C"),
  ));
  const planes = out.all("BPMNPlane").map((
    { attributes, children },
  ) => [attributes.get("bpmnElement"), children.length]);
  assert.deepEqual(planes, [["X1", 3], ["X2", 3]]);
});

Deno.test("the picture of a collapsed sub-process stays, and goes when there is no sub-process any more", async () => {
  const inner = node("startEvent", "S2") + node("task", "T2") + path("S2", "T2");
  const collapsed = (content: string) =>
    diagram(node("startEvent", "S") + node("subProcess", "X", "x", content) + path("S", "X"), {
      picture: picture({ S: event(0), X: task(86) }, ["S_X"]).replace(
        'bpmnElement="X"',
        'bpmnElement="X" isExpanded="false"',
      ) +
        picture(content === "" ? {} : { S2: event(0), T2: task(86) }, [], "X"),
    });
  assert.deepEqual(
    (await converted(collapsed(inner))).file.all("BPMNPlane").map(({ attributes }) => attributes.get("bpmnElement")),
    ["P", "X"],
  );
  const { file } = await converted(collapsed(""));
  assert.deepEqual(file.all("BPMNPlane").map(({ attributes }) => attributes.get("bpmnElement")), ["P"]);
  assert.doesNotMatch(file.xml, /isExpanded/);
});

Deno.test("coordinates with fractions are fine", async () => {
  const moved = Object.fromEntries(
    Object.entries(boxes).map(([id, box]) => [id, { ...box, x: box.x + 0.5, y: box.y + 0.25 }]),
  );
  const { file } = await converted(diagram(chain, { picture: picture(moved, edges) }));
  assert.equal(file.box("Activity_ask_G").x, 86.5);
  assertDrawable(file, ["S", "Activity_ask_G", "G", "A", "B"], [...edges, "Flow_ask_G"]);
});
