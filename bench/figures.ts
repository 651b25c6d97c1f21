/** Every figure that the benchmark gives, with its target: the one list behind `--help`, the table and the JSON. */

import { programNames } from "../tests/services/launch.ts";

export type Target = { readonly atLeast: number } | { readonly atMost: number };

export interface Figure {
  readonly unit: string;
  readonly target: Target;
  /** What it says, for `--list`. */
  readonly about: string;
}

export const figures: Readonly<Record<string, Figure>> = {
  "worker.vs_bare": {
    unit: "ratio",
    target: { atLeast: 0.75 },
    about: "tasks/s from fetch to lease, over a loop of fetchAndLock, the variables' query and extendLock alone",
  },
  "worker.vs_js_client_default": {
    unit: "ratio",
    target: { atLeast: 8 },
    about: "the same over camunda-external-task-client-js and amqplib with their defaults",
  },
  "worker.vs_js_client_tuned": {
    unit: "ratio",
    target: { atLeast: 1 },
    about: "the same with maxTasks 50 and interval 0",
  },
  "worker.simulator_rate": {
    unit: "tasks/s",
    target: { atLeast: 1_000 },
    about: "from fetch to lease on the Camunda simulator, so that our own share shows",
  },
  "worker.latency_over_engine_p50_ms": {
    unit: "ms",
    target: { atMost: 25 },
    about: "a task that comes to an idle worker: until it is in its queue, over a bare long poll's wake-up; median",
  },
  "worker.latency_over_engine_p99_ms": { unit: "ms", target: { atMost: 100 }, about: "the same, 99th percentile" },
  "complete.vs_bare": {
    unit: "ratio",
    target: { atLeast: 0.75 },
    about: "answers/s from camunda.responses.queue into Camunda, over completing on 8 connections",
  },
  "creator.rate": {
    unit: "messages/s",
    target: { atLeast: 2_000 },
    about: "from a task queue to the sent queue, confirmed, with a target that answers at once",
  },
  "tracker.checks_per_s": {
    unit: "checks/s",
    target: { atLeast: 5_000 },
    about: "open tasks looked at and put back to wait, with a target that answers at once",
  },
  "bitrix24.requests_per_minimal_task": {
    unit: "requests",
    target: { atMost: 0.5 },
    about: "requests to the portal for each task with nothing but a template, 50 at a time",
  },
  "bitrix24.requests_per_rich_task": {
    unit: "requests",
    target: { atMost: 2 },
    about: "the same with predecessors, results, files, a questionnaire and nested checklists",
  },
  "bitrix24.limit_share": {
    unit: "ratio",
    target: { atLeast: 0.95 },
    about: "ten minutes of full load: requests made over those that the portal allows",
  },
  "bitrix24.limit_errors": { unit: "answers", target: { atMost: 0 }, about: "the same: how often the portal said no" },
  "bitrix24.track_requests_per_1000": {
    unit: "requests",
    target: { atMost: 2 },
    about: "requests to the portal for a look at 1,000 open tasks",
  },
  "bitrix24.webhook_p50_ms": {
    unit: "ms",
    target: { atMost: 300 },
    about: "from a person's finishing a task to its answer on camunda.responses.queue, told by a webhook; median",
  },
  "tracker.rss_10000_mb": {
    unit: "MB",
    target: { atMost: 150 },
    about: "resident memory of the tracker while 10,000 tasks are open",
  },
  "sync.convert_200_ms": {
    unit: "ms",
    target: { atMost: 50 },
    about: "conversion of a diagram with 200 nodes and flows, once the runtime has compiled the converter",
  },
  "sync.scale_2000_over_200": {
    unit: "ratio",
    target: { atMost: 10 },
    about: "the time for 2,000 nodes and flows over the time for 200",
  },
  "sync.rss_500_mb": {
    unit: "MB",
    target: { atMost: 150 },
    about: "the most memory that exchanger-sync takes while it converts 500 diagrams of 200 nodes and flows",
  },
  ...Object.fromEntries(programNames.flatMap((program): [string, Figure][] => [
    [`${program}.ready_ms`, {
      unit: "ms",
      target: { atMost: 500 },
      about: "from the start of the executable to READY=1, services on this machine, files cached",
    }],
    [`${program}.rss_mb`, { unit: "MB", target: { atMost: 140 }, about: "resident memory after 10,000 tasks" }],
    [`${program}.rss_growth_mb`, { unit: "MB", target: { atMost: 5 }, about: "its growth over the next 10,000" }],
    [`${program}.idle_stop_ms`, {
      unit: "ms",
      target: { atMost: 150 },
      about: "from SIGTERM to the end of an idle program",
    }],
  ])),
};

export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the ratio is over: the median of the baseline in the same rounds. */
  readonly baseline?: number;
  /** See `spreadOf`. */
  readonly spread?: number;
  readonly target: number;
  readonly met: boolean;
}

/** @throws if there is no such figure */
export function resultOf(
  name: string,
  value: number,
  more: { readonly baseline?: number; readonly spread?: number } = {},
): Result {
  const figure = figures[name];
  if (figure === undefined) throw new Error(`${name} is not among the figures`);
  const { target, unit } = figure;
  const met = "atLeast" in target ? value >= target.atLeast : value <= target.atMost;
  return { name, value, unit, ...more, target: "atLeast" in target ? target.atLeast : target.atMost, met };
}
