/** What StormBPMN refuses, in Spring's shape: the vendor shows it for 429 and the rest is inferred. */
export class StormRefusal extends Error {
  override readonly name = "StormRefusal";
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

const REASONS: ReadonlyMap<number, string> = new Map([
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [429, "Too Many Requests"],
  [500, "Internal Server Error"],
  [503, "Service Unavailable"],
]);

export function refusalAnswer({ status, message }: StormRefusal, path: string, nowMs: number): Response {
  const timestamp = new Date(nowMs).toISOString().replace("Z", "+00:00");
  return Response.json({ timestamp, status, error: REASONS.get(status) ?? "Error", message, path }, { status });
}
