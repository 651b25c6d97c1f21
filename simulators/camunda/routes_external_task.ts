/** `/external-task`: what workers and operators do with external tasks. */
import { type Context, Hono } from "hono";
import type { z } from "zod";
import type { Engine } from "./engine.ts";
import { EngineError, invalidRequest, missingValue } from "./engine_error.ts";
import type { LongPolls } from "./long_polls.ts";
import { externalTaskDto, lockedTaskDto } from "./rest_answers.ts";
import {
  bodyOf,
  bpmnErrorBody,
  bulkRetriesBody,
  completeBody,
  extendLockBody,
  failureBody,
  fetchBody,
  lockBody,
  page,
  queryOf,
  retriesBody,
  taskQueryBody,
} from "./rest_bodies.ts";
import type { ExternalTask } from "./runtime.ts";
import { matches } from "./task_query.ts";

type TaskQueryBody = z.infer<typeof taskQueryBody>;

export function externalTaskRoutes(engine: Engine, polls: LongPolls): Hono {
  const routes = new Hono();
  const found = (query: TaskQueryBody) => sorted(candidates(engine, query).filter(isMatch(engine, query)), query);

  routes.get("/", (c) => c.json(page(c, found(queryOf(c, taskQueryBody))).map(externalTaskDto)));
  routes.post("/", async (c) => c.json(page(c, found(await bodyOf(c, taskQueryBody))).map(externalTaskDto)));
  routes.get("/count", (c) => c.json({ count: found(queryOf(c, taskQueryBody)).length }));
  routes.post("/count", async (c) => c.json({ count: found(await bodyOf(c, taskQueryBody)).length }));
  routes.get("/topic-names", (c) => c.json(topicNames(engine, c)));
  routes.put("/retries", async (c) => {
    const { retries, externalTaskIds = [] } = await bodyOf(c, bulkRetriesBody);
    if (externalTaskIds.length === 0) throw invalidRequest("externalTaskIds is empty");
    for (const id of externalTaskIds) engine.setRetries(id, retriesOf(retries));
    return c.body(null, 204);
  });
  routes.post("/fetchAndLock", async (c) => {
    const tasks = await polls.poll(await bodyOf(c, fetchBody));
    return c.json(tasks.map(lockedTaskDto));
  });

  routes.get("/:id", (c) => c.json(externalTaskDto(taskOf(engine, c.req.param("id")))));
  routes.get("/:id/errorDetails", (c) => {
    const task = engine.tasks.get(c.req.param("id"));
    if (task === undefined) {
      throw missingValue(`No external task found with id ${c.req.param("id")}: externalTask is null`);
    }
    return task.errorDetails === null ? c.body(null, 204) : c.text(task.errorDetails);
  });
  routes.post("/:id/complete", async (c) => {
    const { workerId, variables, localVariables } = await bodyOf(c, completeBody);
    engine.complete(c.req.param("id"), workerId ?? null, variables, localVariables);
    return c.body(null, 204);
  });
  routes.post("/:id/failure", async (c) => {
    const { workerId, variables, localVariables, ...body } = await bodyOf(c, failureBody);
    const failure = {
      errorMessage: body.errorMessage ?? null,
      errorDetails: body.errorDetails ?? null,
      retries: body.retries,
      retryTimeoutMs: body.retryTimeout,
    };
    engine.fail(c.req.param("id"), workerId ?? null, failure, variables, localVariables);
    return c.body(null, 204);
  });
  routes.post("/:id/bpmnError", async (c) => {
    const { workerId, errorCode, errorMessage, variables } = await bodyOf(c, bpmnErrorBody);
    engine.bpmnError(c.req.param("id"), workerId ?? null, errorCode ?? null, errorMessage ?? null, variables);
    return c.body(null, 204);
  });
  routes.post("/:id/extendLock", async (c) => {
    const { workerId, newDuration } = await bodyOf(c, extendLockBody);
    engine.extendLock(c.req.param("id"), workerId ?? null, newDuration);
    return c.body(null, 204);
  });
  routes.post("/:id/lock", async (c) => {
    const { workerId, lockDuration } = await bodyOf(c, lockBody);
    engine.lock(c.req.param("id"), workerId ?? null, lockDuration);
    return c.body(null, 204);
  });
  routes.post("/:id/unlock", (c) => {
    engine.unlock(c.req.param("id"));
    return c.body(null, 204);
  });
  routes.put("/:id/retries", async (c) => {
    const { retries } = await bodyOf(c, retriesBody);
    engine.setRetries(c.req.param("id"), retriesOf(retries));
    return c.body(null, 204);
  });
  return routes;
}

function retriesOf(retries: number | null | undefined): number {
  if (retries === null || retries === undefined) throw invalidRequest("The number of retries cannot be null.");
  return retries;
}

function taskOf(engine: Engine, id: string): ExternalTask {
  const task = engine.tasks.get(id);
  if (task !== undefined) return task;
  throw new EngineError(404, "RestException", `External task with id ${id} does not exist`, null);
}

/** Questions by id, the usual ones, look at these tasks only. */
function candidates(engine: Engine, query: TaskQueryBody): ExternalTask[] {
  const ids = query.externalTaskIdIn ?? (query.externalTaskId === undefined ? undefined : [query.externalTaskId]);
  if (ids !== undefined) return [...new Set(ids)].flatMap((id) => engine.tasks.get(id) ?? []);
  const instances = query.processInstanceIdIn ??
    (query.processInstanceId === undefined ? undefined : [query.processInstanceId]);
  if (instances === undefined) return [...engine.tasks.values()];
  return [...new Set(instances)].flatMap((id) => [...engine.instances.get(id)?.tasks.values() ?? []]);
}

function isMatch(engine: Engine, query: TaskQueryBody): (task: ExternalTask) => boolean {
  const now = engine.nowMs;
  return (task) => matches(task, query, now);
}

function sorted(tasks: ExternalTask[], query: TaskQueryBody): ExternalTask[] {
  for (const { sortBy, sortOrder } of [...query.sorting ?? []].reverse()) {
    const key = sortKey(sortBy);
    const direction = sortOrder === "asc" ? 1 : -1;
    tasks.sort((a, b) => {
      const [left, right] = [key(a), key(b)];
      return left < right ? -direction : left > right ? direction : 0;
    });
  }
  return tasks;
}

function sortKey(sortBy: string): (task: ExternalTask) => string | number {
  switch (sortBy) {
    case "id":
      return (task) => task.id;
    case "lockExpirationTime":
      return (task) => task.lockExpiresAtMs ?? 0;
    case "processInstanceId":
      return (task) => task.instance.id;
    case "processDefinitionId":
      return (task) => task.instance.definition.id;
    case "processDefinitionKey":
      return (task) => task.instance.definition.model.key;
    case "taskPriority":
      return (task) => task.priority;
    case "createTime":
      return (task) => task.sequence;
    case "tenantId":
      return (task) => task.instance.tenantId ?? "";
    default:
      throw invalidRequest(`Cannot set query parameter 'sortBy' to value '${sortBy}'`);
  }
}

function topicNames(engine: Engine, c: Context): string[] {
  const now = engine.nowMs;
  const query = {
    locked: c.req.query("withLockedTasks") === "true",
    notLocked: c.req.query("withUnlockedTasks") === "true",
    withRetriesLeft: c.req.query("withRetriesLeft") === "true",
  };
  const tasks = [...engine.tasks.values()].filter((task) => matches(task, query, now));
  return [...new Set(tasks.map(({ topicName }) => topicName))].sort();
}
