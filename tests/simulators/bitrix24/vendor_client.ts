/** The vendor's own client, on a simulated portal. */
import { ApiVersion, B24Hook } from "@bitrix24/b24jssdk";
import type { Bitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";

/** It speaks HTTPS only; the simulator has no certificate, so each request is sent over HTTP in the last moment. */
export function vendorClient(simulator: Bitrix24Simulator): B24Hook {
  const { origin, pathname } = new URL(simulator.webhookUrl);
  const [, , userId = "", secret = ""] = pathname.split("/");
  const client = new B24Hook({ b24Url: origin, userId: Number(userId), secret });
  client.getHttpClient(ApiVersion.v2).ajaxClient.interceptors.request.use((request) => {
    return Object.assign(request, { url: request.url?.replace(/^https:/, "http:") });
  });
  return client;
}

/** Until disposed, timers run so many times as fast. The client waits for at least ten seconds after a 429. */
export function hurriedTimers(times: number): Disposable {
  const { setTimeout } = globalThis;
  const hurried = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    setTimeout(callback, ms / times, ...args);
  globalThis.setTimeout = Object.assign(hurried, setTimeout);
  return { [Symbol.dispose]: () => void (globalThis.setTimeout = setTimeout) };
}
