/** Diagram ids, before a request is spent on one. */
import { StormError } from "./storm_error.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws {StormError} `rejected`, for what cannot be the id of a diagram */
export function checkDiagramId(id: string): void {
  if (UUID.test(id)) return;
  const message = `"${id.slice(0, 60)}" is no diagram id. An id looks like 6b547a8f-a78f-4375-b39e-59c4afd9388e; ` +
    "`exchanger-sync list` shows them.";
  throw new StormError("rejected", "not_an_id", message);
}
