/** The contract of deployments, definitions and starts. */
import assert from "node:assert/strict";
import { z } from "zod";
import { bpmn, type ContractCase, end, external, flows, oneTask, start } from "./contract_bench.ts";

const deployed = z.looseObject({
  id: z.string(),
  deployedProcessDefinitions: z.record(z.string(), z.looseObject({ version: z.number(), key: z.string() })).nullable(),
});

/** The engine's own spelling: the first letter is Cyrillic. */
const ELEMENT_IDS = "\u0435lementIds";
const problem = z.object({
  message: z.string(),
  line: z.number(),
  column: z.number(),
  mainElementId: z.string().nullable(),
  [ELEMENT_IDS]: z.array(z.string()),
}).transform(({ [ELEMENT_IDS]: elementIds, ...problem }) => ({ ...problem, elementIds }));
const refusal = z.looseObject({
  type: z.string(),
  details: z.record(z.string(), z.looseObject({ errors: z.array(problem) })),
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
  ["answers null definitions when nothing of a file is executable", async (bench) => {
    const idle = bpmn(bench.key, oneTask(bench.topic)).replace('isExecutable="true"', 'isExecutable="false"');
    assert.equal(deployed.parse(await bench.deployFile(idle)).deployedProcessDefinitions, null);
  }],
  ["keeps source and tenant, and looks for duplicates only among deployments of both", async (bench) => {
    const versionOf = async (tenantId: string, source: string) => {
      const fields = { "deployment-source": source, "enable-duplicate-filtering": "true" };
      const answer = deployed.parse(await bench.deploy(oneTask(bench.topic), { tenantId, fields }));
      assert.deepEqual([answer["tenantId"], answer["source"]], [tenantId, source]);
      return Object.values(answer.deployedProcessDefinitions ?? {})[0]?.version;
    };
    assert.equal(await versionOf("one", "sync"), 1);
    assert.equal(await versionOf("one", "sync"), undefined);
    assert.equal(await versionOf("one", "modeler"), 2);
    assert.equal(await versionOf("two", "sync"), 1);
  }],
  ["refuses a process that it cannot parse, with details by resource", async (bench) => {
    const flow = `${start}
      <bpmn:serviceTask id="A"
        camunda:type="external" name="a > b"/><bpmn:exclusiveGateway id="G"/>${end}${flows("s>A", "A>G", "G>e: ${x}")}`;
    const { status, answer } = await bench.tryDeploy(bpmn(bench.key, flow));
    assert.equal(status, 400);
    const { type, details } = refusal.parse(answer);
    assert.equal(type, "ParseException");
    assert.deepEqual(details["process.bpmn"]?.errors, [
      {
        message: "External tasks must specify a 'topic' attribute in the camunda namespace",
        ...{ line: 6, column: 47, mainElementId: "A", elementIds: ["A"] },
      },
      {
        message:
          "Exclusive Gateway 'G' has only one outgoing sequence flow ('f2_G_e'). This is not allowed to have a condition.",
        ...{ line: 0, column: 0, mainElementId: "G", elementIds: ["G", "f2_G_e"] },
      },
    ]);
  }],
  ["starts nothing of a suspended definition, not even of an older version that is active", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    const second = deployed.parse(await bench.deploy(oneTask(bench.topic)));
    const [id] = Object.keys(second.deployedProcessDefinitions ?? {});
    await bench.ok("PUT", `/process-definition/${id}/suspended`, { suspended: true, includeProcessInstances: false });
    const start = `/process-definition/key/${bench.key}/start`;
    assert.match((await bench.refused(500, "POST", start, {})).message, /is suspended/u);
    const found = await bench.ok("GET", `/process-definition?key=${bench.key}&suspended=true`);
    assert.deepEqual(z.array(z.looseObject({ id: z.string() })).parse(found).map((one) => one.id), [id]);
    await bench.ok("PUT", `/process-definition/${id}/suspended`, { suspended: false });
    await bench.start();
  }],
  ["suspends what is deployed for a later time, also what duplicate filtering found", async (bench) => {
    await bench.deploy(oneTask(bench.topic));
    await bench.start();
    const fields = {
      "enable-duplicate-filtering": "true",
      "deployment-activation-time": "2199-01-31T08:00:00.000+0000",
    };
    const same = await bench.tryDeploy(bpmn(bench.key, oneTask(bench.topic)), { fields });
    assert.equal(deployed.parse(same.answer).deployedProcessDefinitions, null);
    const [found] = z.array(z.looseObject({ suspended: z.boolean() })).parse(
      await bench.ok("GET", `/process-definition?key=${bench.key}&latestVersion=true`),
    );
    assert.equal(found?.suspended, true);
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
    const unreadable: readonly (readonly [string, RegExp])[] = [
      ["<a><b></a>", /^ENGINE-09003 Could not parse 'process.bpmn'/u],
      [xml.slice(0, 300), /^ENGINE-09003 Could not parse 'process.bpmn'/u],
      [
        xml.replace(`topic="${bench.topic}"`, 'topic="${x == }"'),
        /^ENGINE-01009 Error while parsing process\. Error parsing/u,
      ],
    ];
    for (const [text, message] of unreadable) {
      const { status, answer } = await bench.tryDeploy(text);
      assert.equal(status, 500);
      assert.match(z.looseObject({ message: z.string() }).parse(answer).message, message);
    }
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
