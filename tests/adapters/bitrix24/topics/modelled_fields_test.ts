import assert from "node:assert/strict";
import { modelledFields } from "../../../../adapters/bitrix24/topics/modelled_fields.ts";
import { asking, ledgerOf, openTopics, refusalOf, variablesOf } from "./topic_place.ts";

Deno.test("input parameters and properties named like fields are fields, variables of the process are not", () => {
  const message = asking("bitrix_create_deal", { TITLE: "T", dealKind: "x", UF_CRM_17: 5 }, {
    variables: { OPPORTUNITY: 100, startedBy: "5" },
    metadata: {
      inputParameters: { TITLE: "${title}", dealKind: "x", UF_CRM_17: "${five}" },
      extensionProperties: { CURRENCY_ID: "RUB", TITLE: "outranked", assigneeId: "7" },
    },
  });
  assert.deepEqual(Object.fromEntries(modelledFields(message)), { CURRENCY_ID: "RUB", TITLE: "T", UF_CRM_17: 5 });
});

Deno.test("a parameter that the engine evaluated to null is absent, and changes nothing of an object", async () => {
  await using place = await openTopics();
  place.simulator.crm.add("deal", { TITLE: "A", COMMENTS: "kept", ADDITIONAL_INFO: "emptied" }, "");
  const fields = { TITLE: "B", COMMENTS: null, ADDITIONAL_INFO: "", dealId: 1 };
  variablesOf((await place.handle(asking("bitrix_update_deal", fields)))[0]);
  const { TITLE, COMMENTS, ADDITIONAL_INFO } = place.simulator.crm.get("deal", 1) ?? {};
  assert.deepEqual([TITLE, COMMENTS, ADDITIONAL_INFO], ["B", "kept", ""]);
});

Deno.test("constants that the engine hands out as Java are taken from the model; with expressions they are refused", async () => {
  await using place = await openTopics();
  const listed = (CONTACT_IDS: unknown, taskId: string) =>
    asking("bitrix_create_deal", { TITLE: "T", CONTACT_IDS: null }, {
      taskId,
      metadata: { inputParameters: { TITLE: "T", CONTACT_IDS } },
    });
  const outcomes = await place.handle(listed(["84", "83"], "ext-1"), listed(["84", "${second}"], "ext-2"));
  assert.equal(outcomes[0]?.kind, "done");
  assert.deepEqual(place.simulator.crm.get("deal", 1)?.["CONTACT_IDS"], ["84", "83"]);
  const { code, reason } = refusalOf(outcomes[1]);
  assert.equal(code, "BAD_FIELD");
  assert.match(reason, /CONTACT_IDS is a list or map with expressions/);
});

Deno.test("a property with an expression is refused, for nobody evaluates it", async () => {
  await using place = await openTopics();
  const metadata = { extensionProperties: { TITLE: "Сделка ${number}" }, inputParameters: {} };
  const { code, reason } = refusalOf((await place.handle(asking("bitrix_create_deal", {}, { metadata })))[0]);
  assert.equal(code, "BAD_FIELD");
  assert.match(reason, /TITLE holds an expression/);
});

Deno.test("nested fields and multi-fields arrive through a batch as they were meant", async () => {
  await using place = await openTopics();
  const fields = {
    NAME: "Иван [тест]",
    PHONE: " +7 900 000-00-00 ",
    EMAIL: ["a@example.com", { VALUE: "b@example.com", VALUE_TYPE: "HOME" }],
    IM: { VALUE: "ivan", VALUE_TYPE: "TELEGRAM" },
    COMPANY_IDS: 12,
    OPENED: false,
    EXPORT: true,
    UF_CRM_FLAG: true,
    UF_CRM_LIST: ["x&y", "z=1"],
    UF_CRM_WHEN: "2030-12-31T10:00:00.000+0300",
    REGISTER_SONET_EVENT: true,
  };
  variablesOf((await place.handle(asking("bitrix_create_contact", fields)))[0]);
  const { DATE_CREATE: _, ...contact } = place.simulator.crm.get("contact", 1) ?? {};
  assert.deepEqual(contact, {
    ID: "1",
    ASSIGNED_BY_ID: "1",
    OPENED: "N",
    NAME: "Иван [тест]",
    PHONE: [{ ID: "1", VALUE_TYPE: "WORK", VALUE: "+7 900 000-00-00", TYPE_ID: "PHONE" }],
    EMAIL: [
      { ID: "2", VALUE_TYPE: "WORK", VALUE: "a@example.com", TYPE_ID: "EMAIL" },
      { ID: "3", VALUE_TYPE: "HOME", VALUE: "b@example.com", TYPE_ID: "EMAIL" },
    ],
    IM: [{ ID: "4", VALUE_TYPE: "TELEGRAM", VALUE: "ivan", TYPE_ID: "IM" }],
    COMPANY_IDS: ["12"],
    EXPORT: "Y",
    UF_CRM_FLAG: "1",
    UF_CRM_LIST: ["x&y", "z=1"],
    UF_CRM_WHEN: "2030-12-31T10:00:00+03:00",
    ORIGINATOR_ID: "exchanger",
    ORIGIN_ID: "ext-1",
  });
});

Deno.test("a repeated update adds a phone number once, and tells the portal nothing when nothing is new", async () => {
  await using place = await openTopics();
  const { crm } = place.simulator;
  crm.add("company", { TITLE: "A", PHONE: [{ VALUE: "1" }] }, "");
  const message = asking("bitrix_update_company", { companyId: 1, PHONE: ["1", "2"] });
  for (const requests of [2, 3]) {
    variablesOf((await place.handle(message))[0]);
    assert.equal(place.simulator.requestCount, requests);
  }
  const phones = crm.get("company", 1)?.["PHONE"];
  assert.deepEqual(Array.isArray(phones) && phones.map((phone) => Object(phone).VALUE), ["1", "2"]);
});

Deno.test("lists may be written as texts where the portal takes nothing but lists", async () => {
  await using place = await openTopics();
  const ways = [["84", ["84"]], [84, ["84"]], ["84, 83", ["84", "83"]], ["[84, 83]", ["84", "83"]]] as const;
  const messages = ways.map(([CONTACT_IDS], n) =>
    asking("bitrix_create_deal", { TITLE: "T", CONTACT_IDS }, { taskId: `${n}` })
  );
  await place.handle(...messages);
  assert.deepEqual(place.simulator.crm.all("deal").map(({ CONTACT_IDS }) => CONTACT_IDS), ways.map(([, list]) => list));
});

Deno.test("an empty list empties a field of an object", async () => {
  await using place = await openTopics();
  place.simulator.crm.add("deal", { TITLE: "A", UF_CRM_LIST: ["x"] }, "");
  variablesOf((await place.handle(asking("bitrix_update_deal", { dealId: 1, UF_CRM_LIST: [] })))[0]);
  assert.deepEqual(place.simulator.crm.get("deal", 1)?.["UF_CRM_LIST"], [""]);
});

for (
  const [what, message, code, words] of [
    ["a deal without a title", asking("bitrix_create_deal", { OPPORTUNITY: 1 }), "NO_TITLE", /input parameter TITLE/],
    ["a blank title", asking("bitrix_create_lead", { TITLE: " " }), "NO_TITLE", /The lead needs a title/],
    ["no fields at all", asking("bitrix_create_contact", { NAME: "" }), "NO_FIELDS", /Name input parameters/],
    [
      "a message without metadata",
      asking("bitrix_create_contact", {}, { metadata: { activityInfo: undefined } }),
      "NO_FIELDS",
      /raise the task's retries/,
    ],
    ["an update that names no object", asking("bitrix_update_deal", { TITLE: "T" }), "NO_ID", /variable dealId/],
    ["an update of a task that names none", asking("bitrix_update_task", { TITLE: "T" }), "NO_ID", /variable taskId/],
    [
      "an id that is none",
      asking("bitrix_update_lead", { TITLE: "T", leadId: "L_5" }),
      "BAD_ID",
      /leadId is no id of a lead/,
    ],
    ["an update without fields", asking("bitrix_update_deal", { dealId: 1 }), "NO_FIELDS", /what the deal is to hold/],
    [
      "a model that sets the key",
      asking("bitrix_create_deal", { TITLE: "T", ORIGIN_ID: "x" }),
      "RESERVED_FIELD",
      /ORIGIN_ID/,
    ],
    [
      "a task's key",
      asking("bitrix_update_task", { taskId: 1, UF_CAMUNDA_ID_EXTERNAL_TASK: "x" }),
      "RESERVED_FIELD",
      /UF_CAMUNDA_ID_EXTERNAL_TASK/,
    ],
    [
      "a bad date",
      asking("bitrix_update_task", { taskId: 1, DEADLINE: "31.12.2030" }),
      "BAD_FIELD",
      /DEADLINE is no date/,
    ],
    [
      "a phone that is none",
      asking("bitrix_create_lead", { TITLE: "T", PHONE: { number: 5 } }),
      "BAD_FIELD",
      /PHONE must be/,
    ],
  ] as const
) {
  Deno.test(`${what} is refused with ${code}, and nothing reaches the portal`, async () => {
    await using place = await openTopics();
    const refusal = refusalOf((await place.handle(message))[0]);
    assert.equal(refusal.code, code);
    assert.match(refusal.reason, words);
    assert.equal(place.simulator.requestCount, 0);
    assert.deepEqual(ledgerOf(place.simulator), {});
  });
}
