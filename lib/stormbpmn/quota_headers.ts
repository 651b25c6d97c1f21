/** What StormBPMN says about the limit in the headers of its answers. */

/** When nothing is said: the limit is one per minute. */
const UNSAID_MS = 60_000;
/** The vendor gives whole seconds. */
const ROUNDING_MS = 1_000;

/** How long a 429 wants to be waited for, in milliseconds. */
export function retryAfterMs(headers: Headers, nowMs: number): number {
  const said = headers.get("x-rate-limit-retry-after-seconds") ?? headers.get("retry-after") ?? "";
  if (/^\s*\d+(\.\d+)?\s*$/.test(said)) return Number(said) * 1000 + ROUNDING_MS;
  // `Retry-After` may also be a date (RFC 9110, 10.2.3), by the server's clock.
  const atMs = Date.parse(said);
  return Math.max(Number.isNaN(atMs) ? UNSAID_MS : atMs - nowMs, 0) + ROUNDING_MS;
}

/** How many more requests the answer's minute has; `undefined` if the answer does not say. */
export function remainingRequests(headers: Headers): number | undefined {
  const said = headers.get("x-rate-limit-remaining")?.trim() ?? "";
  return /^\d+$/.test(said) ? Number(said) : undefined;
}
