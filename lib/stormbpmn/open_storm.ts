/** StormBPMN as the settings describe it. */
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";
import { LimiterFile } from "./limiter_file.ts";
import { LimiterMemory } from "./limiter_state.ts";
import { PublicApi } from "./public_api.ts";
import { RequestLimiter } from "./request_limiter.ts";
import type { StormClient } from "./storm_client.ts";
import { StormRest, type StormRestOptions } from "./storm_rest.ts";
import { stormFaults, type StormSettings } from "./storm_settings.ts";
import { WebApi } from "./web_api.ts";

export interface StormDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Told before each wait for the limit, in milliseconds: a list of 500 diagrams takes five minutes. */
  readonly onWait?: (waitMs: number) => void;
  /** For the delays between repetitions. @default Math.random */
  readonly random?: () => number;
}

/**
 * Nothing is asked yet. Secrets are read from `settings` for each request.
 * @throws {Error} when `stormFaults` finds something, or the authority's file cannot be read
 */
export function openStorm(settings: StormSettings, deps: StormDeps): StormClient {
  const [fault] = stormFaults(settings);
  if (fault !== undefined) throw new Error(`StormBPMN cannot be asked: ${fault.name} ${fault.problem}.`);
  const limiter = limiterOf(settings, deps);
  const rest = (options: Pick<StormRestOptions, "baseUrl" | "credential" | "headers">) =>
    new StormRest({
      ...options,
      secrets: () => [settings.STORMBPMN_API_KEY, settings.STORMBPMN_BEARER_TOKEN].filter((text) => text !== undefined),
      timeoutMs: settings.STORMBPMN_TIMEOUT,
      attempts: settings.STORMBPMN_RETRY_ATTEMPTS,
      retryDelayMs: settings.STORMBPMN_RETRY_DELAY,
      caFile: settings.STORMBPMN_CA_FILE,
      ...(deps.random === undefined ? {} : { random: deps.random }),
    }, { limiter, clock: deps.clock, log: deps.log });

  const openPublic = () =>
    new PublicApi(rest({
      baseUrl: `${settings.STORMBPMN_BASE_URL}/public-api/${settings.STORMBPMN_API_VERSION}`,
      credential: "STORMBPMN_API_KEY",
      headers: () => ({ "x-api-key": settings.STORMBPMN_API_KEY ?? "" }),
    }));
  const openWeb = () =>
    new WebApi(
      rest({
        baseUrl: `${settings.STORMBPMN_BASE_URL}/api/${settings.STORMBPMN_API_VERSION}`,
        credential: "STORMBPMN_BEARER_TOKEN",
        headers: () => ({ authorization: `Bearer ${settings.STORMBPMN_BEARER_TOKEN ?? ""}` }),
      }),
      {
        pageSize: settings.STORMBPMN_DEFAULT_PAGE_SIZE,
        sort: settings.STORMBPMN_DEFAULT_SORT,
        view: settings.STORMBPMN_DEFAULT_VIEW,
      },
    );

  switch (settings.STORMBPMN_API) {
    case "public":
      return openPublic();
    case "web":
      return openWeb();
    case "auto":
      if (settings.STORMBPMN_API_KEY === undefined) return openWeb();
      if (settings.STORMBPMN_BEARER_TOKEN === undefined) return openPublic();
      return withAssigneesOf(openPublic(), openWeb());
  }
}

function limiterOf(settings: StormSettings, { clock, log, onWait }: StormDeps): RequestLimiter {
  const perMinute = settings.STORMBPMN_REQUESTS_PER_MINUTE;
  const store = perMinute === 0 ? new LimiterMemory() : new LimiterFile(settings.STORMBPMN_STATE_FILE);
  return new RequestLimiter({ perMinute, longestRequestMs: settings.STORMBPMN_TIMEOUT }, { store, clock, log, onWait });
}

/** Diagrams from the stable API, assignees from the one that knows their names. */
function withAssigneesOf(diagrams: StormClient, assignees: StormClient): StormClient {
  return {
    pages: (filter, signal) => diagrams.pages(filter, signal),
    diagram: (id, signal) => diagrams.diagram(id, signal),
    assignees: (diagram, signal) => assignees.assignees(diagram, signal),
    [Symbol.dispose]() {
      diagrams[Symbol.dispose]();
      assignees[Symbol.dispose]();
    },
  };
}
