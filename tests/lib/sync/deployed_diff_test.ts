import assert from "node:assert/strict";
import { diffWithDeployed } from "../../../lib/sync/deployed_diff.ts";

const { signal } = new AbortController();

/** Processes with a task each, named as given. */
function file(tasks: Readonly<Record<string, string>>): string {
  const processes = Object.entries(tasks).map(([key, name]) =>
    `<process id="${key}" isExecutable="true"><task id="${key}_T" name="${name}"/></process>`
  );
  return `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">${
    processes.join("")
  }</definitions>`;
}

/** A Camunda in which these files are deployed, by the key of the process asked for. */
function camunda(files: Readonly<Record<string, string>>) {
  return {
    deployedXml: (key: string) => {
      const xml = files[key];
      const definition = { id: `${key}:1`, key, name: key, version: 1, tenantId: null, deploymentId: "d" };
      return Promise.resolve(xml === undefined ? undefined : { definition, xml });
    },
  };
}

Deno.test("a file whose processes are deployed as they are makes no difference", async () => {
  const xml = file({ A: "one", B: "two" });
  const { same, processes } = await diffWithDeployed(xml, ["A", "B"], camunda({ A: xml, B: xml }), signal);
  assert.equal(same, true);
  assert.deepEqual(processes.map(({ deployed }) => deployed?.version), [1, 1]);
});

Deno.test("processes of different deployments are each compared with their own", async () => {
  const xml = file({ A: "one", B: "two" });
  const deployed = { A: file({ A: "one", B: "old" }), B: file({ B: "older", C: "three" }) };
  const { same, added, removed, changed } = await diffWithDeployed(xml, ["A", "B"], camunda(deployed), signal);
  assert.deepEqual([same, added, removed], [false, [], []]);
  assert.deepEqual(changed.map(({ id, changes }) => [id, changes[0]?.before]), [["B_T", "older"]]);
});

Deno.test("a process that is deployed but no longer drawn is a difference", async () => {
  const deployed = file({ A: "one", B: "two" });
  const { removed } = await diffWithDeployed(file({ A: "one" }), ["A"], camunda({ A: deployed }), signal);
  assert.deepEqual(removed.map(({ id }) => id), ["B", "B_T"]);
});

Deno.test("a process that is not deployed makes a difference without a list", async () => {
  const xml = file({ A: "one", B: "two" });
  const diff = await diffWithDeployed(xml, ["A", "B"], camunda({ A: file({ A: "one" }) }), signal);
  assert.deepEqual([diff.same, diff.added, diff.processes[1]], [false, [], { key: "B" }]);
});
