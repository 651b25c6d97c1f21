/** The contract of deployments, definitions and starts. */
import assert from "node:assert/strict";
import { z } from "zod";
import { bpmn, type ContractCase, end, external, flows, oneTask, start } from "./contract_bench.ts";

const deployed = z.looseObject({
  id: z.string(),
  deployedProcessDefinitions: z.record(z.string(), z.looseObject({ version: z.number(), key: z.string() })).nullable(),
});

export const deploymentContract: readonly ContractCase[] = [
  ["counts versions per key and shows the latest with its XML", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    const second = deployed.parse(await bench.deploy(oneTask(bench.topic)));
    const [[id, definition] = []] = Object.entries(second.deployedProcessDefinitions ?? {});
    assert.equal(definition?.version, 2);
    const latest = await bench.ok("GET", `/process-definition?key=${bench.key}&latestVersion=true`);
    assert.deepEqual(z.array(z.looseObject({ id: z.string() })).parse(latest).map((found) => found.id), [id]);
    const { bpmn20Xml } = z.object({ id: z.string(), bpmn20Xml: z.string() })
      .parse(await bench.ok("GET", `/process-definition/${id}/xml`));
    assert.equal(bpmn20Xml, bpmn(bench.key, oneTask(bench.topic)));
    await bench.refused(404, "GET", "/process-definition/nope/xml");
  }],
  ["answers null definitions when duplicate filtering finds nothing new", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    const again = { fields: { "enable-duplicate-filtering": "true" } };
    const same = await bench.tryDeploy(bpmn(bench.key, oneTask(bench.topic)), again);
    assert.equal(deployed.parse(same.answer).deployedProcessDefinitions, null);
    const changed = deployed.parse(await bench.deploy(oneTask(`${bench.topic}x`), again));
    assert.equal(Object.keys(changed.deployedProcessDefinitions ?? {}).length, 1);
  }],
  ["refuses a process that it cannot parse, with details by resource", async (bench) => {
    const noTopic = `<bpmn:serviceTask id="A" camunda:type="external"/>`;
    const { status, answer } = await bench.tryDeploy(bpmn(bench.key, start + noTopic + end + flows("s>A", "A>e")));
    assert.equal(status, 400);
    const { type, details } = z.looseObject({ type: z.string(), details: z.record(z.string(), z.unknown()) }).parse(
      answer,
    );
    assert.equal(type, "ParseException");
    const report = z.looseObject({
      errors: z.array(z.looseObject({ message: z.string(), mainElementId: z.string() })),
    });
    const [problem] = report.parse(details["process.bpmn"]).errors;
    assert.equal(problem?.message, "External tasks must specify a 'topic' attribute in the camunda namespace");
    assert.equal(problem?.mainElementId, "A");
  }],
  ["refuses gateways and multi-instance activities that cannot mean anything", async (bench) => {
    const gateway = (attributes: string, ...lines: string[]) =>
      `${start}<bpmn:exclusiveGateway id="G" ${attributes}/>${end}${flows("s>G", ...lines)}`;
    const multiInstance =
      `<bpmn:extensionElements><camunda:inputOutput><camunda:outputParameter name="o">1</camunda:outputParameter>
      </camunda:inputOutput></bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics camunda:collection="c"/>`;
    const faulty: readonly (readonly [string, string])[] = [
      [gateway("", "G>e: ${x}"), "Exclusive Gateway 'G' has only one outgoing sequence flow ('f1_G_e')"],
      [gateway('default="f1_G_e"', "G>e: ${x}", "G>e: ${y}"), "is the default flow but has a condition too"],
      [oneTask(bench.topic, multiInstance), "camunda:outputParameter not allowed for multi-instance constructs"],
      [external("A", bench.topic), "process must define a startEvent element"],
      [oneTask(bench.topic) + start, "cvc-id.2: There are multiple occurrences of ID value 's'."],
      [start + flows("s>Z"), "Invalid destination 'Z' of sequence flow 'f0_s_Z'"],
    ];
    for (const [flow, message] of faulty) {
      const { status, answer } = await bench.tryDeploy(bpmn(bench.key, flow));
      assert.equal(status, 400, message);
      assert.ok(z.looseObject({ message: z.string() }).parse(answer).message.includes(message), message);
    }
  }],
  ["refuses a process without history time to live, and one that is not XML", async (bench) => {
    const xml = bpmn(bench.key, oneTask(bench.topic));
    const eternal = await bench.tryDeploy(xml.replace('camunda:historyTimeToLive="P1D"', ""));
    assert.equal(eternal.status, 400);
    assert.match(z.looseObject({ message: z.string() }).parse(eternal.answer).message, /ENGINE-12018/u);
    assert.equal((await bench.tryDeploy("<a><b></a>")).status, 500);
    const expression = await bench.tryDeploy(xml.replace(`topic="${bench.topic}"`, 'topic="${x == }"'));
    assert.equal(expression.status, 500);
  }],
  ["starts the definition of the tenant that is asked for", async (bench) => {
    await bench.deploy(oneTask(bench.topic), { tenantId: "one" });
    const none = await bench.refused(404, "POST", `/process-definition/key/${bench.key}/start`, {});
    assert.equal(none.message, `No matching process definition with key: ${bench.key} and no tenant-id`);
    await bench.refused(404, "POST", `/process-definition/key/${bench.key}/tenant-id/two/start`, {});
    await bench.start({}, {}, "/tenant-id/one");
    assert.deepEqual(await bench.fetch({ tenantIdIn: ["two"] }), []);
    assert.deepEqual(await bench.fetch({ withoutTenantId: true }), []);
    assert.equal((await bench.fetchOne({ tenantIdIn: ["two", "one"] }))["tenantId"], "one");
  }],
  ["answers 500 to a start that cannot continue, and keeps nothing of it", async (bench) => {
    const gateway = '<bpmn:exclusiveGateway id="G"/>';
    await bench.deploy(start + gateway + end + flows("s>G", "G>e: ${x == 'ok'}", "G>e: ${x == 'no'}"));
    const failed = await bench.refused(500, "POST", `/process-definition/key/${bench.key}/start`, {});
    assert.match(failed.message, /^Cannot instantiate process definition .*Cannot resolve identifier 'x'$/u);
    const count = await bench.ok("GET", `/process-instance/count?processDefinitionKey=${bench.key}`);
    assert.deepEqual(count, { count: 0 });
  }],
  ["refuses variables whose value does not fit their type", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    const path = `/process-definition/key/${bench.key}/start`;
    const refuse = (value: unknown, type: string) =>
      bench.refused(400, "POST", path, { variables: { x: { value, type } } });
    assert.match((await refuse("abc", "Integer")).message, /Cannot convert value 'abc' of type 'Integer'/u);
    assert.match(
      (await refuse("2026-01-01T00:00:00.000Z", "Date")).message,
      /of type 'Date' to java type java.util.Date/u,
    );
    assert.match((await refuse({ a: 1 }, "Json")).message, /Must provide 'null' or String value/u);
    assert.match((await refuse("x", "Fancy")).message, /Unsupported value type 'Fancy'/u);
  }],
];
