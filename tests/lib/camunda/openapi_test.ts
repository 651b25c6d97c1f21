import assert from "node:assert/strict";
import { executeMigration, generateMigration, validateMigration } from "../../../lib/camunda/migration.ts";
import { newestDefinitions, suspendDefinition, versionsOf } from "../../../lib/camunda/process_definitions.ts";
import { runningInstances } from "../../../lib/camunda/process_instances.ts";
import { clientFor, startFakeCamunda } from "./camunda_fixture.ts";
import { camundaOpenApi } from "./openapi.ts";

const openApi = await camundaOpenApi();
const workerId = "universal-worker";
const variables = { x: { type: "Long", value: 1, valueInfo: {} } };

Deno.test(
  "every call is one that Camunda describes, with its names and types",
  { ignore: openApi === undefined },
  async () => {
    await using fake = startFakeCamunda(({ path, method }) => {
      if (path.endsWith("/xml")) return Response.json({ bpmn20Xml: "<definitions/>" });
      if (path === "/version") return Response.json({ version: "7.24.0" });
      const lists = [
        "/external-task",
        "/external-task/fetchAndLock",
        "/external-task/topic-names",
        "/variable-instance",
      ];
      const isList = lists.includes(path) || path.startsWith("/history");
      return isList || method === "GET" ? Response.json([]) : new Response(null, { status: 204 });
    });
    using camunda = clientFor(fake.baseUrl, { CAMUNDA_TENANT_ID: "imenaProd" });
    await camunda.fetchAndLock({ topics: ["a", "b"], maxTasks: 5, pollMs: 20_000 });
    await camunda.fetchAndLock({ topics: ["a"], maxTasks: 5, pollMs: 0 });
    await camunda.complete("t", { workerId, variables, localVariables: variables });
    await camunda.failure("t", { workerId, errorMessage: "x", errorDetails: "y", retries: 0, retryTimeoutMs: 0 });
    await camunda.bpmnError("t", { workerId, errorCode: "X", errorMessage: "y", variables });
    await camunda.extendLock("t", workerId, 1_000);
    await camunda.lock("t", workerId, 1_000);
    await camunda.unlock("t");
    await camunda.setRetries("t", 1);
    await camunda.externalTask("t").catch(() => {}); // the list that answers everything is no task
    await camunda.externalTasks({ externalTaskIdIn: ["t"] });
    await camunda.nextTask("a");
    await camunda.processVariables(["i"]);
    await camunda.processDefinitionXml("p:1:1");
    await camunda.topicNames();
    await camunda.endOfTask("t");
    await camunda.version();

    const faults = fake.calls.map((call) => [`${call.method} ${call.path}`, openApi?.faultsOf(call)]);
    assert.deepEqual(faults, fake.calls.map((call) => [`${call.method} ${call.path}`, []]));
    assert.equal(faults.length, 17);
  },
);

Deno.test(
  "the calls about versions and migration are ones that Camunda describes, with its names and types",
  { ignore: openApi === undefined },
  async () => {
    const plan = { sourceProcessDefinitionId: "a:1", targetProcessDefinitionId: "a:2", instructions: [] };
    await using fake = startFakeCamunda(({ path, method }) => {
      if (path.endsWith("/generate")) return Response.json(plan);
      if (path.endsWith("/validate")) return Response.json({ instructionReports: [] });
      const isList = method === "GET" || path === "/process-instance";
      return isList ? Response.json([]) : new Response(null, { status: 204 });
    });
    using camunda = clientFor(fake.baseUrl);
    await newestDefinitions(camunda, "A");
    await versionsOf(camunda, "A", null);
    await versionsOf(camunda, "A", "ours");
    await suspendDefinition(camunda, "A:1:x");
    const generated = await generateMigration(camunda, "a:1", "a:2");
    await validateMigration(camunda, generated);
    await executeMigration(camunda, generated, ["i"]);
    await runningInstances(camunda, "a:1");
    const faults = fake.calls.map((call) => [`${call.method} ${call.path}`, openApi?.faultsOf(call)]);
    assert.deepEqual(faults, fake.calls.map((call) => [`${call.method} ${call.path}`, []]));
    assert.equal(faults.length, 8);
  },
);
