import fc from "fast-check";
import assert from "node:assert/strict";
import { decodeVariable, encodeVariable, formatCamundaDate, storableVariable } from "../../../lib/camunda/variables.ts";
import { type TypedValue, typedValue } from "../../../lib/messages/typed_variables.ts";
import { camundaAvailable } from "../../services/camunda.ts";
import { clientFor, deployed, engineUrl, oneTask } from "./camunda_fixture.ts";

const withSpin = { jsonVariables: "Json" } as const;
const withoutSpin = { jsonVariables: "String" } as const;
const longText = `"ДА"\n${"x".repeat(4_000)}`;

const typeOf = (
  value: Parameters<typeof encodeVariable>[1],
  options: typeof withSpin | typeof withoutSpin = withSpin,
) => encodeVariable("v", value, options).type;

Deno.test("a typed variable of an adapter is stored as text by an engine without Spin", () => {
  const typed = { type: "Json", value: '[{"title":"Договор"}]', valueInfo: {} };
  assert.deepEqual(storableVariable("x", typed, withSpin), typed);
  assert.deepEqual(storableVariable("x", typed, withoutSpin), { ...typed, type: "String" });
  const date = { type: "Date", value: "2026-01-02T03:04:05.000+0000", valueInfo: {} };
  assert.deepEqual(storableVariable("x", date, withoutSpin), date);
});

Deno.test("plain values get the types of Camunda that expressions compare with", () => {
  assert.equal(typeOf("ok"), "String");
  assert.equal(typeOf(true), "Boolean");
  assert.equal(typeOf(7), "Long");
  assert.equal(typeOf(7.5), "Double");
  assert.equal(typeOf(null), "Null");
  assert.equal(typeOf(undefined), "Null");
  assert.equal(typeOf(NaN), "Null");
  assert.equal(typeOf([1]), "Json");
  assert.equal(typeOf({ a: 1 }), "Json");
  assert.equal(typeOf({ a: 1 }, withoutSpin), "String");
  assert.equal(typeOf(new Date(0)), "Date");
});

Deno.test("integers beyond 2^53 are stored exactly when their digits are known, as a Double when they are not", () => {
  assert.deepEqual(encodeVariable("v", 9_007_199_254_740_993n, withSpin), {
    type: "Long",
    value: "9007199254740993",
    valueInfo: {},
  });
  assert.equal(typeOf(2n ** 63n), "String");
  assert.equal(typeOf(1e20), "Double");
});

Deno.test("text beyond 4000 characters becomes an Object that reads as a string, or a file where there is no Spin", () => {
  assert.equal(typeOf("x".repeat(4_000)), "String");
  assert.deepEqual(encodeVariable("v", longText, withSpin), {
    type: "Object",
    value: JSON.stringify(longText),
    valueInfo: { objectTypeName: "java.lang.String", serializationDataFormat: "application/json" },
  });
  const file = encodeVariable("answer", longText, withoutSpin);
  assert.deepEqual([file.type, file.valueInfo["filename"]], ["File", "answer.txt"]);
});

Deno.test("dates are written in Camunda's form, with an offset that has no colon", () => {
  assert.equal(formatCamundaDate(new Date("2026-01-23T14:42:45.005+02:00")), "2026-01-23T12:42:45.005+0000");
  assert.throws(() => formatCamundaDate(new Date("+012026-01-01T00:00:00Z")), RangeError);
  assert.throws(() => formatCamundaDate(new Date(NaN)), RangeError);
});

Deno.test("JSON comes back as it was encoded, with and without Spin", () => {
  // Without what JSON does not have (-0) and numbers whose digits are not known.
  const known = (_key: string, value: unknown) =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) ? 0 : value;
  // A key __proto__ is dropped wherever JSON is read; see the messages' tests.
  fc.assert(fc.property(fc.json().filter((text) => !text.includes("__proto__")), (text) => {
    const value = JSON.parse(JSON.stringify(JSON.parse(text, known)));
    assert.deepEqual(decodeVariable(encodeVariable("v", value, withSpin)), value);
    const plain = decodeVariable(encodeVariable("v", value, withoutSpin));
    assert.deepEqual(plain, typeof value === "object" && value !== null ? JSON.stringify(value) : value);
  }));
});

Deno.test("decoding never fails, whatever the engine stored", () => {
  const type = fc.constantFrom("Json", "Object", "String", "File", "Bytes", "Null", "Xml", "Long", "Nope");
  const format = fc.constantFrom("application/json", "application/xml", "application/x-java-serialized-object");
  fc.assert(fc.property(type, fc.string(), format, (type, value, serializationDataFormat) => {
    decodeVariable({ type, value, valueInfo: { serializationDataFormat } });
  }));
});

Deno.test("what has no bare form is null, what is no JSON stays text", () => {
  const decoded = (type: string, value: string | null, serializationDataFormat = "") =>
    decodeVariable({ type, value, valueInfo: { serializationDataFormat } });
  assert.equal(decoded("File", null), null);
  assert.equal(decoded("Object", "rO0ABXQ=", "application/x-java-serialized-object"), null);
  assert.equal(decoded("Object", "<a/>", "application/xml"), "<a/>");
  assert.equal(decoded("Json", "not json"), "not json");
  assert.deepEqual(decoded("Object", '{"id":9007199254740993}', "application/json"), { id: "9007199254740993" });
});

Deno.test("the engine stores every encoded value and gives it back", { ignore: !camundaAvailable }, async () => {
  await using process = await deployed(oneTask);
  using camunda = clientFor(engineUrl());
  const values = {
    text: "ok ё 😀",
    full: "ё".repeat(4_000),
    long: longText,
    yes: true,
    small: -7,
    big: 9_223_372_036_854_775_807n,
    half: 0.5,
    huge: 1e300,
    tiny: 5e-324,
    nothing: null,
    list: [1, "two", null, { three: 3 }],
    object: { "ключ": longText },
  };
  const date = new Date("2026-01-23T14:42:45.005Z");
  const variables: Record<string, TypedValue> = { date: encodeVariable("date", date, withSpin) };
  for (const [name, value] of Object.entries(values)) variables[name] = encodeVariable(name, value, withSpin);
  const file = encodeVariable("file", longText, withoutSpin);

  const instanceId = await process.driver.start(process.key, { variables: { ...variables, file } });
  const found = (await camunda.processVariables([instanceId])).get(instanceId) ?? {};
  for (const [name, value] of Object.entries(values)) {
    const stored = typedValue.parse(found[name]);
    assert.deepEqual(decodeVariable(stored), typeof value === "bigint" ? `${value}` : value, name);
    assert.equal(stored.type, variables[name]?.type, name);
  }
  assert.equal(found["date"]?.value, "2026-01-23T14:42:45.005+0000");
  const stored = await fetch(`${engineUrl()}/process-instance/${instanceId}/variables/file/data`);
  assert.equal(await stored.text(), longText);
});

Deno.test("expressions read a text beyond 4000 characters as a string", { ignore: !camundaAvailable }, async () => {
  await using process = await deployed((key) =>
    oneTask(
      key,
      `<exclusiveGateway id="next" default="no"/>
       <sequenceFlow id="yes" sourceRef="next" targetRef="end"><conditionExpression
         xsi:type="tFormalExpression">\${answer.length() > 4000 and answer.endsWith("x")}</conditionExpression></sequenceFlow>
       <sequenceFlow id="no" sourceRef="next" targetRef="wait"/><userTask id="wait"/><endEvent id="end"/>`,
    )
  );
  using camunda = clientFor(engineUrl());
  const instanceId = await process.driver.start(process.key);
  const [task] = await camunda.fetchAndLock({ topics: [process.key], maxTasks: 1, pollMs: 0 });
  assert.ok(task);
  const variables = { answer: encodeVariable("answer", longText, withSpin) };
  await camunda.complete(task.id, { workerId: task.workerId, variables });
  assert.equal(await process.driver.isCompleted(instanceId), true);
});
