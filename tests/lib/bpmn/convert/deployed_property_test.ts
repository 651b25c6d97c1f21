/** What comes out of a conversion, whatever went in, on the real engine: it accepts the file. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { camundaAvailable } from "../../../services/camunda.ts";
import { CamundaDriver } from "../../../services/camunda_driver.ts";
import { engineUrl } from "../../camunda/camunda_fixture.ts";
import { PlayedProcess } from "./constructs/played_process.ts";
import { wander } from "./constructs/wandering.ts";
import { Converted } from "./drawing.ts";
import { drawnProcess } from "./process_pen.ts";
import { randomProcess } from "./random_processes.ts";

const onEngine = { ignore: !camundaAvailable };

/** What the multi-instance activities go through. */
const LIST = {
  type: "Object",
  value: '["a","b"]',
  valueInfo: { objectTypeName: "java.util.ArrayList<java.lang.String>", serializationDataFormat: "application/json" },
};

/** Processes are deployed together: a deployment costs more than a process. */
const TOGETHER = { minLength: 10, maxLength: 10 };
const RUNS = { numRuns: 6 };

Deno.test(
  "any drawn process is accepted by the engine, with every id kept and nothing to convert again",
  onEngine,
  async () => {
    const driver = new CamundaDriver(engineUrl());
    await fc.assert(
      fc.asyncProperty(fc.array(randomProcess, TOGETHER), async (processes) => {
        const files: Record<string, string> = {};
        for (const [index, process] of processes.entries()) {
          const { xml, ids } = drawnProcess(process, `P${index}`);
          const converted = await convertedTwice(xml);
          const out = new Converted(converted);
          assert.deepEqual(ids.filter((id) => !out.has(id)), []);
          files[`${index}.bpmn`] = converted;
        }
        await using played = await PlayedProcess.deploy(driver, files);
        assert.deepEqual(await played.processKeys(), processes.map((_, index) => `P${index}`));
      }),
      RUNS,
    );
  },
);

Deno.test(
  "an instance of any drawn process goes on, whatever people answer and whatever comes first",
  onEngine,
  async () => {
    const driver = new CamundaDriver(engineUrl());
    const choices = fc.array(fc.nat({ max: 1_000 }), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(randomProcess, choices, async (process, choices) => {
        const converted = await convertedTwice(drawnProcess(process).xml);
        await using played = await PlayedProcess.deploy(driver, { "process.bpmn": converted });
        await wander(played, { c: LIST }, choices);
      }),
      { numRuns: 30 },
    );
  },
);

Deno.test("every diagram of the simulated StormBPMN is accepted by the engine", onEngine, async () => {
  const calledProcesses = new Map(drawnDiagrams.map(({ id, processKey }) => [id, processKey]));
  const files: Record<string, string> = {};
  for (const { xml, processKey } of drawnDiagrams) {
    const result = await convert(xml, { calledProcesses });
    assert.equal(result.kind, "converted", JSON.stringify(result));
    files[`${processKey}.bpmn`] = result.xml;
  }
  await using played = await PlayedProcess.deploy(new CamundaDriver(engineUrl()), files);
  const keys = new Set(await played.processKeys());
  assert.deepEqual(drawnDiagrams.map(({ processKey }) => processKey).filter((key) => !keys.has(key)), []);
});

async function convertedTwice(xml: string): Promise<string> {
  const once = await convert(xml);
  assert.equal(once.kind, "converted", JSON.stringify(once));
  const twice = await convert(once.xml);
  assert.equal(twice.kind === "converted" && twice.xml, once.xml);
  return once.xml;
}
