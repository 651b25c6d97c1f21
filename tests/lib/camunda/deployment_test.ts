import assert from "node:assert/strict";
import { createDeployment, type NewDeployment } from "../../../lib/camunda/deployment.ts";
import { clientFor, oneTask } from "./camunda_fixture.ts";
import { openCamunda } from "./deploying.ts";

Deno.test("a deployment carries name, source, tenant and time of activation in Camunda's own forms", async () => {
  const forms: FormData[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    forms.push(await request.formData());
    return Response.json({ id: "d1", deployedProcessDefinitions: null });
  });
  using camunda = clientFor(`http://127.0.0.1:${server.addr.port}`);
  const created = await createDeployment(camunda, {
    name: "Приём заказа",
    source: "camunda-sync",
    tenantId: "imenaProd",
    activateAt: new Date(Date.UTC(2030, 0, 31, 8)),
    resources: new Map([["заказ.bpmn", "<a/>"]]),
  });
  await server.shutdown();
  assert.deepEqual(created, { id: "d1", definitions: [] });
  const [form] = forms;
  const file = form?.get("заказ.bpmn");
  assert.ok(form !== undefined && file instanceof File);
  assert.deepEqual([file.name, file.type, await file.text()], ["заказ.bpmn", "text/xml", "<a/>"]);
  form.delete("заказ.bpmn");
  assert.deepEqual(Object.fromEntries(form), {
    "deployment-name": "Приём заказа",
    "deployment-source": "camunda-sync",
    "tenant-id": "imenaProd",
    "deployment-activation-time": "2030-01-31T08:00:00.000+0000",
    "enable-duplicate-filtering": "true",
    "deploy-changed-only": "false",
  });
});

Deno.test("duplicates are skipped whole, skipped one by one, or deployed", async () => {
  await using place = await openCamunda();
  const resources = (second: string) => new Map([["a.bpmn", oneTask("A")], ["b.bpmn", oneTask(second)]]);
  const keys = async (second: string, duplicates?: NewDeployment["duplicates"]) => {
    const more = { resources: resources(second), ...(duplicates && { duplicates }) };
    return (await place.deploy("", more)).definitions.map(({ key }) => key);
  };
  assert.deepEqual(await keys("B"), ["A", "B"]);
  assert.deepEqual(await keys("B"), []);
  assert.deepEqual(await keys("C", "skip_unchanged"), ["C"]);
  assert.deepEqual(await keys("C", "skip_unchanged"), []);
  assert.deepEqual(await keys("C", "deploy"), ["A", "C"]);
});

Deno.test("what another source deployed under the same name is no duplicate", async () => {
  await using place = await openCamunda();
  await place.deploy(oneTask("A"), { source: "modeler" });
  assert.equal((await place.deploy(oneTask("A"), { source: "camunda-sync" })).definitions[0]?.version, 2);
});
