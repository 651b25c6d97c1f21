/** A simulated portal for a test, called raw or through the client that the programs use. */
import { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import {
  type Bitrix24Simulator,
  type Bitrix24SimulatorOptions,
  startBitrix24Simulator,
} from "../../../simulators/bitrix24/simulator.ts";

export const never = new AbortController().signal;

export interface PortalPlace extends AsyncDisposable {
  readonly simulator: Bitrix24Simulator;
  readonly client: Bitrix24Client;
}

export async function openPortal(options: Bitrix24SimulatorOptions = {}): Promise<PortalPlace> {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await startBitrix24Simulator(options));
  const client = stack.use(
    new Bitrix24Client({
      webhookUrl: simulator.webhookUrl,
      timeoutMs: 20_000,
      limit: { perSecond: 10_000, burst: 10_000 },
      clock: systemClock,
    }),
  );
  const owned = stack.move();
  return { simulator, client, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** One request, with its whole answer. */
export async function call(simulator: Bitrix24Simulator, method: string, params: object = {}) {
  const response = await fetch(`${simulator.webhookUrl}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  return { status: response.status, body: await response.json() };
}

/** The `result` of a call that must succeed. */
export async function resultOf(simulator: Bitrix24Simulator, method: string, params: object = {}) {
  const { status, body } = await call(simulator, method, params);
  if (status !== 200) throw new Error(`${method}: ${status} ${body.error} ${body.error_description}`);
  return body.result;
}

/** Status, code and words of a refusal. */
export async function refusalOf(simulator: Bitrix24Simulator, method: string, params: object = {}) {
  const { status, body } = await call(simulator, method, params);
  return [status, body.error, body.error_description];
}

/** Creates a task; its id is the next number from 1. */
export function add(simulator: Bitrix24Simulator, fields: object = {}) {
  return call(simulator, "tasks.task.add", { fields: { TITLE: "T", RESPONSIBLE_ID: 7, ...fields } });
}

/** Ids of the tasks that a list shows. */
export async function listedIds(simulator: Bitrix24Simulator, filter: object = {}): Promise<string[]> {
  const { body } = await call(simulator, "tasks.task.list", { filter, order: { ID: "asc" } });
  return body.result.tasks.map(({ id }: { readonly id: string }) => id);
}

/** The vendor's code, of a call through the client that must fail. */
export async function codeOf(failing: Promise<unknown>): Promise<string> {
  const error: unknown = await failing.then(() => undefined, (error) => error);
  if (error instanceof Bitrix24Error) return error.code;
  throw new Error(`Expected a Bitrix24Error, got ${error}`);
}
