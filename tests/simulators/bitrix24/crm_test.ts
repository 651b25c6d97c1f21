import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { call } from "./portal_place.ts";

Deno.test("CRM objects are added by number, changed with true, and shown with texts and capital names", async () => {
  await using simulator = await startBitrix24Simulator();
  const fields = { TITLE: "T", OPPORTUNITY: 12500, NO_SUCH_FIELD: 1, PHONE: [{ VALUE: "1" }], UF_CRM_1: 5 };
  assert.equal((await call(simulator, "crm.lead.add", { fields })).body.result, 1);
  assert.equal((await call(simulator, "crm.deal.add", { fields: {} })).body.result, 1);
  assert.equal((await call(simulator, "crm.lead.update", { ID: 1, FIELDS: { COMMENTS: "C" } })).body.result, true);
  const { DATE_CREATE, ...lead } = (await call(simulator, "crm.lead.get", { id: 1 })).body.result;
  assert.match(DATE_CREATE, /^\d{4}-\d{2}-\d{2}T[\d:]+\+00:00$/);
  assert.deepEqual(lead, {
    ID: "1",
    ASSIGNED_BY_ID: "1",
    OPENED: "Y",
    TITLE: "T",
    OPPORTUNITY: "12500.00",
    PHONE: [{ ID: "1", VALUE_TYPE: "WORK", VALUE: "1", TYPE_ID: "PHONE" }],
    UF_CRM_1: "5",
    COMMENTS: "C",
  });
  assert.equal((await call(simulator, "crm.deal.get", { id: 1 })).body.result.TITLE, "Сделка #1");
});

Deno.test("CRM lists come in pages of 50, with filters, and with fields of several values only when asked for", async () => {
  await using simulator = await startBitrix24Simulator();
  for (let n = 1; n <= 60; n++) simulator.crm.add("company", { TITLE: `T${n}`, EMAIL: [{ VALUE: `${n}@x` }] }, "");
  const first = (await call(simulator, "crm.company.list")).body;
  assert.deepEqual([first.result.length, first.total, first.next], [50, 60, 50]);
  assert.equal("EMAIL" in first.result[0], false);
  const listed = async (params: object) => (await call(simulator, "crm.company.list", { start: -1, ...params })).body;
  const found = await listed({ filter: { EMAIL: "7@x" }, select: ["ID", "EMAIL", "ORIGIN_ID"] });
  assert.deepEqual([found.result[0].ID, found.result[0].EMAIL[0].VALUE, found.result[0].ORIGIN_ID], ["7", "7@x", null]);
  assert.deepEqual(["total" in found, "next" in found], [false, false]);
  const ids = async (params: object) => (await listed(params)).result.map(({ ID }: { readonly ID: string }) => ID);
  assert.deepEqual(await ids({ filter: { ">ID": 57, "!ID": 59 }, order: { ID: "DESC" } }), ["60", "58"]);
  assert.deepEqual(await ids({ filter: { "@ID": [3, 5], "=TITLE": "T5" } }), ["5"]);
  assert.equal((await ids({ filter: { NO_SUCH_FIELD: "x" } })).length, 50);
});

Deno.test("values of a multi-field are added without an id, changed and removed with one", async () => {
  await using simulator = await startBitrix24Simulator();
  const { crm } = simulator;
  crm.add("contact", { PHONE: [{ VALUE: "1" }, { VALUE: "2" }, { VALUE: "3" }] }, "");
  const PHONE = [{ ID: 1, VALUE: "one" }, { ID: 2, DELETE: "Y" }, { ID: 3, VALUE: "" }, { VALUE: "one" }];
  crm.update("contact", 1, { PHONE });
  const phones = crm.get("contact", 1)?.["PHONE"];
  assert.deepEqual(Array.isArray(phones) && phones.map((phone) => [Object(phone).ID, Object(phone).VALUE]), [
    ["1", "one"],
    ["4", "one"],
  ]);
});

Deno.test("errors of the CRM have texts and no code, save that of a right which the webhook lacks", async () => {
  await using simulator = await startBitrix24Simulator();
  const errorOf = async (method: string, params: object) => {
    const { status, body } = await call(simulator, method, params);
    return [status, body.error, body.error_description];
  };
  assert.deepEqual(await errorOf("crm.deal.update", { id: 7, fields: {} }), [400, "", "Not found"]);
  assert.deepEqual(await errorOf("crm.company.update", { id: 7, fields: {} }), [400, "", "Company is not found"]);
  assert.deepEqual(await errorOf("crm.deal.get", { id: "x" }), [400, "", "ID is not defined or invalid."]);
  assert.deepEqual(await errorOf("crm.deal.add", { fields: "x" }), [400, "", "Parameter 'fields' must be array."]);
  simulator.crm.allowed = false;
  assert.deepEqual(await errorOf("crm.deal.list", {}), [400, "", "Access denied."]);
  simulator.crm.inScope = false;
  assert.deepEqual((await errorOf("crm.deal.list", {})).slice(0, 2), [403, "insufficient_scope"]);
});
