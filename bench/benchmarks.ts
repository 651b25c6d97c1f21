/** Which benchmark gives which figures. */
import { programNames } from "../tests/services/launch.ts";
import { bitrix24Limits } from "./bitrix24_limits.ts";
import { bitrix24Requests } from "./bitrix24_requests.ts";
import { bitrix24Webhook } from "./bitrix24_webhook.ts";
import { completeRate } from "./complete_rate.ts";
import { conversion } from "./conversion.ts";
import type { Result } from "./figures.ts";
import { memory } from "./memory.ts";
import { openTasksMemory } from "./open_tasks_memory.ts";
import type { Place } from "./place.ts";
import { roundRates } from "./round_rates.ts";
import { startAndStop } from "./start_and_stop.ts";
import { workerLatency } from "./worker_latency.ts";
import { workerOnSimulator } from "./worker_on_simulator.ts";
import { workerRates } from "./worker_rates.ts";

/** Measures what is wanted of the figures it gives. */
type Benchmark = (place: Place, wanted: (name: string) => boolean) => Promise<Result[]>;

/** These figures of all programs. */
const ofEach = (...suffixes: string[]) => programNames.flatMap((name) => suffixes.map((suffix) => `${name}.${suffix}`));

export const benchmarks: readonly { readonly gives: readonly string[]; readonly run: Benchmark }[] = [
  // It converts in this process, so it comes first: what the others leave on the heap would be collected with it.
  { gives: ["sync.convert_200_ms", "sync.scale_2000_over_200", "sync.rss_500_mb"], run: conversion },
  { gives: ["worker.vs_bare", "worker.vs_js_client_default", "worker.vs_js_client_tuned"], run: workerRates },
  { gives: ["worker.simulator_rate"], run: workerOnSimulator },
  { gives: ["worker.latency_over_engine_p50_ms", "worker.latency_over_engine_p99_ms"], run: workerLatency },
  { gives: ["complete.vs_bare"], run: completeRate },
  { gives: ["creator.rate", "tracker.checks_per_s"], run: roundRates },
  {
    gives: [
      "bitrix24.requests_per_minimal_task",
      "bitrix24.requests_per_rich_task",
      "bitrix24.track_requests_per_1000",
    ],
    run: bitrix24Requests,
  },
  { gives: ["bitrix24.limit_share", "bitrix24.limit_errors"], run: bitrix24Limits },
  { gives: ["bitrix24.webhook_p50_ms"], run: bitrix24Webhook },
  { gives: ["tracker.rss_10000_mb"], run: openTasksMemory },
  { gives: ofEach("ready_ms", "idle_stop_ms"), run: startAndStop },
  { gives: ofEach("rss_mb", "rss_growth_mb"), run: memory },
];
