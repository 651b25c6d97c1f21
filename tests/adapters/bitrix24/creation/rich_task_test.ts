/** The task that the predecessor made with 26 to 30 requests, and what its faults demand instead. */
import assert from "node:assert/strict";
import { idOf, never } from "../portal_place.ts";
import { shownChecklists, shownFiles, shownTask } from "./portal_view.ts";
import { richMessage, richPlace } from "./rich_place.ts";

Deno.test("a rich task has all its fields and parts", async () => {
  await using place = await richPlace();
  const { simulator, system, client, earlierIds: [first = "", second = ""] } = place;
  const id = idOf((await system.create([richMessage], never))[0]);
  const shown = await shownTask(client, id);
  assert.equal(
    shown["description"],
    "D\n\n---\n[B]Анкета Q[/B]\n• Стр: v\n• Юз: Петров Пётр\n• Лист: Орг\n• Нет: -\n\n---\n" +
      "Пол D: 31.12.2024;\nПол B: Да;\nНет: ;\n\n---\n[B]Результаты предшествующих задач:[/B]\n\n" +
      `[B]Задача №${first}:[/B]\n  res "x"\n     Файлы: r.pdf\n\n[B]Задача №${second}:[/B]\n  res "x"\n     Файлы: r.pdf\n`,
  );
  const fields = Object.fromEntries(Object.keys(EXPECTED).map((name) => [name, shown[name]]));
  assert.deepEqual(fields, EXPECTED);
  // Links are made once, by the add-on (W34); files come with the task, each once (W32).
  assert.deepEqual(simulator.addon.dependencies(id), [first, second]);
  assert.deepEqual(await shownFiles(client, id), ["t1.pdf", "t2.pdf", "r.pdf", "r.pdf"]);
  assert.deepEqual(simulator.addon.questionnaires(id).map(({ CODE }) => CODE), ["q"]);
  assert.deepEqual(await shownChecklists(client, id), [["G1", ["i1", "i1a"], "i2"], ["G2", "j1"]]); // nested (W31)
  assert.deepEqual(simulator.addon.syncs.at(-1), { processDefinitionKey: "P", processInstanceId: "pi-1" });
  assert.equal(simulator.addon.lastTemplateVariables["startedBy"], "5"); // the add-on chooses members by them (W6)
});

const EXPECTED = {
  title: "T",
  priority: "2",
  groupId: "12",
  createdBy: "42",
  deadline: "2020-01-01T00:00:00+03:00", // with an offset (W21)
  responsibleId: "42",
  accomplices: ["7", "42"],
  auditors: ["8", "42"],
  ufCamundaIdExternalTask: "ext-1",
  ufResultExpected: "1",
  ufResultQuestion: "q?",
  parentId: "77",
  ufElementId: "A3",
  ufProcessInstanceId: "pi-1",
};
