import assert from "node:assert/strict";
import fc from "fast-check";
import { nearestName } from "../../../lib/config/nearest_name.ts";

const names = ["CAMUNDA_BASE_URL", "CAMUNDA_MAX_TASKS", "RABBITMQ_HOST", "RABBITMQ_PORT", "LOG_LEVEL"];

Deno.test("a misspelt name finds the one that was meant", () => {
  assert.equal(nearestName("CAMUDNA_BASE_URL", names), "CAMUNDA_BASE_URL");
  assert.equal(nearestName("CAMUNDA_BASEURL", names), "CAMUNDA_BASE_URL");
  assert.equal(nearestName("camunda_base_url", names), "CAMUNDA_BASE_URL");
  assert.equal(nearestName("RABBIT_HOST", names), "RABBITMQ_HOST");
  assert.equal(nearestName("LOG_LEVLE", names), "LOG_LEVEL");
});

Deno.test("a name that is like none finds none", () => {
  for (const name of ["PATH", "HOME", "LOGNAME", "HOSTNAME", "CAMUNDA_TENANT_ID", ""]) {
    assert.equal(nearestName(name, names), undefined, name);
  }
});

Deno.test("leaving out any one letter of a long name never loses it", () => {
  fc.assert(fc.property(fc.constantFrom(...names), fc.nat(), (name, index) => {
    const at = index % name.length;
    assert.equal(nearestName(name.slice(0, at) + name.slice(at + 1), [name]), name);
  }));
});
