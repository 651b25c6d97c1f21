import assert from "node:assert/strict";
import { Answers } from "../../../simulators/demo/answers.ts";
import type { EngineVariable } from "../../../simulators/demo/contracts.ts";
import type { DeskTask } from "../../../simulators/demo/people.ts";
import { contracts, TestDesk } from "./desk.ts";

/** A portal, and an engine that holds what is put into it: `"<contract> <variable>"` and its value. */
class Place {
  readonly desk = new TestDesk();
  readonly engine = new Map<string, EngineVariable["value"]>();
  readonly #tasks: DeskTask[] = [];
  readonly answers = new Answers({
    portal: {
      addon: this.desk.addon,
      ledger: () => new Map(this.#tasks.map(({ externalTaskId, id }) => [externalTaskId, [id]])),
    },
    contracts: {
      taskOf: contracts.taskOf,
      variablesOf: (ids, names) =>
        Promise.resolve([...this.engine].flatMap(([key, value]) => {
          const [processInstanceId = "", name = ""] = key.split(" ");
          return ids.includes(processInstanceId) && names.includes(name) ? [{ processInstanceId, name, value }] : [];
        })),
    },
  });

  /** A task in which these answers were given. */
  put(externalTaskId: string, ...answers: string[]): void {
    const task = this.desk.put(externalTaskId);
    const questions = this.desk.addon.questionnaires(task.id).flatMap(({ questions }) => questions);
    this.desk.people.fillIn(task.id, new Map(questions.map(({ ID }, index) => [ID, answers[index] ?? ""])));
    this.#tasks.push(task);
  }

  lookFor(...ids: string[]) {
    return this.answers.lookFor(ids.map((id) => ({ processInstanceId: id, name: `contract-${id}` })));
  }
}

Deno.test("an answer has arrived when its variable says the same in the engine", async () => {
  const place = new Place();
  place.put("1 Prepare", "true", "03", "низкий");
  place.engine.set("1 Prepare_check_registered", true);
  place.engine.set("1 Prepare_check_lawsuits", 3);
  place.engine.set("1 Prepare_check_risk", "низкий");
  assert.deepEqual(await place.lookFor("1"), [{ name: "contract-1", given: 3, arrived: 3 }]);
});

Deno.test("an answer whose variable is missing or says something else has not arrived", async () => {
  const place = new Place();
  place.put("1 Prepare", "true", "0", "низкий");
  place.engine.set("1 Prepare_check_registered", false);
  place.engine.set("1 Prepare_check_lawsuits", null);
  place.engine.set("2 Prepare_check_risk", "низкий");
  assert.deepEqual(await place.lookFor("1"), [{ name: "contract-1", given: 3, arrived: 0 }]);
});

Deno.test("a question that was left open is no answer, though the engine holds false for it", async () => {
  const place = new Place();
  place.put("1 Prepare", "", "4", "");
  place.engine.set("1 Prepare_check_registered", false);
  place.engine.set("1 Prepare_check_lawsuits", 4);
  place.engine.set("1 Prepare_check_risk", null);
  assert.deepEqual(await place.lookFor("1"), [{ name: "contract-1", given: 1, arrived: 1 }]);
});

Deno.test("of a contract that was prepared twice the later answers count", async () => {
  const place = new Place();
  place.put("5 Prepare", "true", "1", "высокий");
  place.put("5 Approve");
  place.put("5 Prepare again", "true", "2", "");
  place.engine.set("5 Prepare_check_registered", true);
  place.engine.set("5 Prepare_check_lawsuits", 1);
  assert.deepEqual(await place.lookFor("5"), [{ name: "contract-5", given: 2, arrived: 1 }]);
});

Deno.test("the total is that of all contracts that were looked at, and of no others", async () => {
  const place = new Place();
  for (const contract of [1, 2, 3]) {
    place.put(`${contract} Prepare`, "true", "1", "низкий");
    place.engine.set(`${contract} Prepare_check_lawsuits`, 1);
  }
  assert.deepEqual(place.answers.total, { given: 0, arrived: 0 });
  await place.lookFor("1");
  assert.deepEqual(await place.lookFor(), []);
  await place.lookFor("3");
  assert.deepEqual(place.answers.total, { given: 6, arrived: 2 });
});
