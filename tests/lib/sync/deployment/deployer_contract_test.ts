/** Deploying as people see it, on the simulator always and on a real Camunda when one is given: the same of both. */
import assert from "node:assert/strict";
import { z } from "zod";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { Deployer, type DeployerOptions } from "../../../../lib/sync/deployment/deployer.ts";
import { startCamundaSimulator } from "../../../../simulators/camunda/simulator.ts";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { camundaAvailable } from "../../../services/camunda.ts";
import { CamundaDriver } from "../../../services/camunda_driver.ts";
import { clientFor, engineUrl } from "../../camunda/camunda_fixture.ts";
import { done, never, order, refused, request, suspendedVersions } from "./deploying.ts";

const drawnOrder = drawnDiagrams[1];
assert.ok(drawnOrder);

const definitions = z.array(z.object({
  id: z.string(),
  version: z.number(),
  deploymentId: z.string(),
}));

/** A process of a test's own; whatever was deployed of it goes when the test ends. */
class Place implements AsyncDisposable {
  readonly key = `Order_${crypto.randomUUID().slice(0, 8)}`;
  readonly driver: CamundaDriver;
  readonly #camunda: ReturnType<typeof clientFor>;

  constructor(private readonly engine: AsyncDisposable & { readonly baseUrl: string }) {
    this.driver = new CamundaDriver(engine.baseUrl);
    this.#camunda = clientFor(engine.baseUrl);
  }

  deployer(options: DeployerOptions = {}): Deployer {
    return new Deployer(options, this.#camunda);
  }

  /** A diagram as an analyst drew it, converted. */
  async drawn(title = "Приём заказа"): Promise<string> {
    const { xml, processKey } = drawnOrder ?? assert.fail();
    const result = await convert(xml.replaceAll(processKey, this.key).replaceAll("Приём заказа", title));
    assert.ok(result.kind === "converted");
    return result.xml;
  }

  async versions() {
    return definitions.parse(await this.driver.call("GET", `/process-definition?key=${this.key}`));
  }

  async suspended(): Promise<number[]> {
    return await suspendedVersions(this.driver, this.key);
  }

  async versionOf(instanceId: string): Promise<number | undefined> {
    const found = await this.driver.call("GET", `/process-instance/${instanceId}`);
    const { definitionId } = z.object({ definitionId: z.string() }).parse(found);
    return (await this.versions()).find(({ id }) => id === definitionId)?.version;
  }

  async [Symbol.asyncDispose]() {
    this.#camunda.close();
    for (const { deploymentId } of await this.versions()) await this.driver.undeploy(deploymentId);
    await this.engine[Symbol.asyncDispose]();
  }
}

const cases: readonly (readonly [sentence: string, test: (place: Place) => Promise<void>])[] = [
  ["gets a drawn diagram as version 1, and nothing when it is deployed again", async (place) => {
    const xml = await place.drawn();
    const first = done(await place.deployer().deploy(request(xml), never));
    assert.deepEqual([first.kind, first.warnings], ["deployed", []]);
    assert.deepEqual(first.definitions.map(({ key, version }) => [key, version]), [[place.key, 1]]);
    assert.equal((await place.deployer().deployedXml(place.key, never))?.xml, xml);
    for (const name of ["Order intake", "Under another name"]) {
      const again = done(await place.deployer().deploy(request(xml, name), never));
      assert.deepEqual([again.kind, again.definitions, again.warnings], ["unchanged", first.definitions, []]);
    }
    assert.equal((await place.versions()).length, 1);
  }],
  [
    "gets a redrawn diagram as version 2, starts nothing more of version 1, and goes on with what runs",
    async (place) => {
      await place.deployer().deploy(request(await place.drawn()), never);
      const running = await place.driver.start(place.key);
      const suspending = place.deployer({ olderVersions: "suspend" });
      const { kind, definitions, warnings } = done(
        await suspending.deploy(request(await place.drawn("Приём заказов")), never),
      );
      assert.deepEqual([kind, definitions[0]?.version, warnings], ["deployed", 2, []]);
      assert.deepEqual(await place.suspended(), [1]);
      const tasks = await place.driver.externalTasks({ processInstanceId: running });
      assert.ok(tasks.length > 0 && tasks.every(({ suspended }) => !suspended));
      assert.equal(await place.versionOf(await place.driver.start(place.key)), 2);
    },
  ],
  ["moves a running instance, with its tasks, to the redrawn diagram", async (place) => {
    await place.deployer().deploy(request(await place.drawn()), never);
    const running = await place.driver.start(place.key);
    const taskIds = async () =>
      (await place.driver.externalTasks({ processInstanceId: running })).map(({ id }) => id).toSorted();
    const before = await taskIds();
    const migrating = place.deployer({ olderVersions: "migrate" });
    const { warnings } = done(await migrating.deploy(request(await place.drawn("Приём заказов")), never));
    assert.deepEqual(warnings, []);
    assert.equal(await place.versionOf(running), 2);
    assert.deepEqual([before.length > 0, await taskIds()], [true, before]);
    assert.deepEqual(await place.suspended(), []);
  }],
  ["leaves an instance whose activity is gone where it is; that is told, and the others move", async (place) => {
    const { key } = place;
    await place.deployer().deploy(request(order({ key })), never);
    const moving = await place.driver.start(key);
    await place.deployer().deploy(request(order({ key, task: "Old" })), never);
    const stuck = await place.driver.start(key);
    const migrating = place.deployer({ olderVersions: "migrate" });
    const { warnings } = done(await migrating.deploy(request(order({ key, version: "3" })), never));
    assert.deepEqual([await place.versionOf(moving), await place.versionOf(stuck)], [3, 2]);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      new RegExp(`^1 of 1 running instances of ${key} version 2 stay with it: ${stuck}: .*no migration instruction`),
    );
  }],
  ["takes a return to an older drawing for later as a version of its own, and suspends no other", async (place) => {
    const { key } = place;
    const old = request(order({ key }), "Order intake");
    await place.deployer().deploy(old, never);
    await place.deployer().deploy(request(order({ key, topic: "op_create_task" }), "Order intake, new"), never);
    const activateAt = new Date(Date.UTC(2199, 0, 31));
    const { definitions } = done(await place.deployer().deploy({ ...old, activateAt }, never));
    assert.equal(definitions[0]?.version, 3);
    assert.deepEqual(await place.suspended(), [3]);
  }],
  ["refuses a file with faults: each is told with its element and line, and nothing is deployed", async (place) => {
    const xml = order({ key: place.key }).replace(' camunda:topic="bitrix_create_task"', "");
    const line = xml.slice(0, xml.indexOf('id="Check"')).split("\n").length;
    assert.deepEqual(refused(await place.deployer().deploy(request(xml), never)), [{
      reason: "«Check papers» (Check): External tasks must specify a 'topic' attribute in the camunda namespace",
      elementId: "Check",
      elementName: "Check papers",
      line,
    }]);
    assert.deepEqual(await place.versions(), []);
  }],
];

const engines = [
  { name: "Camunda simulator", open: () => startCamundaSimulator() },
  ...(camundaAvailable
    ? [{
      name: "Camunda engine",
      open: () => Promise.resolve({ baseUrl: engineUrl(), async [Symbol.asyncDispose]() {} }),
    }]
    : []),
];
for (const { name, open } of engines) {
  for (const [sentence, test] of cases) {
    Deno.test(`${name} ${sentence}`, async () => {
      await using place = new Place(await open());
      await test(place);
    });
  }
}
