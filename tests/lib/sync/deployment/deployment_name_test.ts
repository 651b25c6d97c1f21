import assert from "node:assert/strict";
import { cockpitLink } from "../../../../lib/sync/deployment/cockpit_link.ts";
import { deploymentName } from "../../../../lib/sync/deployment/deployment_name.ts";

Deno.test("a deployment's name says which drawing it is of and who deployed it", () => {
  const name = deploymentName({ name: "Order\n intake ", version: "12", by: "anna" });
  assert.equal(name, "Order intake (StormBPMN version 12, by anna)");
  assert.equal(deploymentName({ name: "Order intake" }), "Order intake");
});

Deno.test("a long name is cut so that Camunda can keep the version", () => {
  const name = deploymentName({ name: "ж".repeat(300), version: "12" });
  assert.equal(name.length, 255);
  assert.match(name, /ж… \(StormBPMN version 12\)$/);
});

Deno.test("a link leads to the version in Cockpit", () => {
  assert.equal(
    cockpitLink("https://camunda.internal/camunda/app/cockpit/default/", { id: "Order:1:ab" }),
    "https://camunda.internal/camunda/app/cockpit/default/#/process-definition/Order%3A1%3Aab/runtime",
  );
});
