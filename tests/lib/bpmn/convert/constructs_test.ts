/**
 * Whatever analysts draw, on the real engine: each construct of `constructs/catalogue` is converted, deployed, and run to its
 * end on every way through it. docs/sync.md has the table that comes out of it.
 */
import assert from "node:assert/strict";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import type { ConvertResult } from "../../../../lib/bpmn/convert/result.ts";
import { writeLine } from "../../../../lib/telemetry/configure_logging.ts";
import { camundaAvailable } from "../../../services/camunda.ts";
import { CamundaDriver } from "../../../services/camunda_driver.ts";
import { engineUrl } from "../../camunda/camunda_fixture.ts";
import { constructs } from "./constructs/catalogue/all.ts";
import type { Construct, Outcome } from "./constructs/construct.ts";
import { PlayedProcess } from "./constructs/played_process.ts";
import { drawn } from "./constructs/storm_drawing.ts";
import { type Row, tableOf, tableOnPage, writeOnPage } from "./constructs/table.ts";

Deno.test({
  name: "every construct is deployed and run on the real engine, and the table in docs/sync.md says how",
  ignore: !camundaAvailable,
  async fn(test) {
    const driver = new CamundaDriver(engineUrl());
    const rows: Row[] = [];
    for (const construct of constructs) {
      await test.step(construct.name, async () => void rows.push(await shown(construct, driver)));
    }
    await test.step("the table in docs/sync.md is the one that was seen", async () => {
      assert.equal(rows.length, constructs.length, "a construct is missing: see the steps before");
      const table = tableOf(rows);
      writeLine(Deno.stdout, table);
      if (Deno.args.includes("--update")) await writeOnPage(table);
      assert.equal(
        await tableOnPage(),
        table,
        "write it anew: deno task test tests/lib/bpmn/convert/constructs_test.ts -- --update",
      );
    });
  },
});

/** Rejects unless everything is as the construct foretells. */
async function shown(construct: Construct, driver: CamundaDriver): Promise<Row> {
  const result = await convert(await drawn(construct.sketch), construct.options);
  const { outcome, reasons } = told(result, construct.subjects);
  assert.equal(outcome, construct.outcome, JSON.stringify(result, null, 2));
  if (result.kind === "refused") {
    assert.deepEqual(result.problems.map(({ elementId }) => elementId), construct.subjects);
    return { construct, outcome, reasons };
  }
  const again = await convert(result.xml, construct.options);
  assert.equal(again.kind === "converted" && again.xml, result.xml, "a converted file is converted to itself");
  const elsewhere = result.report.filter(({ kind, elementId = "" }) =>
    kind === "lost" && !construct.subjects.includes(elementId)
  );
  assert.deepEqual(elsewhere, [], "nothing else is lost");

  const files = { "process.bpmn": result.xml, ...construct.beside };
  await using played = await PlayedProcess.deploy(driver, files);
  const executable = Object.values(files).flatMap((xml) => [...xml.matchAll(/<bpmn:process id="(\w+)"/g)]);
  assert.deepEqual(await played.processKeys(), executable.map(([, key]) => key ?? "").sort());
  for (const run of construct.runs) {
    try {
      await played.play(run);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${run.name ?? "the one way"}: ${why}\n${result.xml}`, { cause: error });
    }
  }
  return { construct, outcome, reasons };
}

const WORST_FIRST = ["lost", "mapped", "left_out"] as const;

/** The worst that is said of the subjects, and all of it. */
function told(result: ConvertResult, subjects: readonly string[]): { outcome: Outcome; reasons: readonly string[] } {
  if (result.kind === "refused") return { outcome: "refused", reasons: result.problems.map(({ reason }) => reason) };
  const entries = result.report.filter(({ elementId = "" }) => subjects.includes(elementId));
  const worst = WORST_FIRST.find((kind) => entries.some((entry) => entry.kind === kind)) ?? "kept";
  return { outcome: worst === "left_out" ? "left out" : worst, reasons: entries.map(({ reason }) => reason) };
}
