/** Every construct, in the order of the table. */
import type { Construct } from "../construct.ts";
import { boundaryEvents } from "./boundary_events.ts";
import { decisions } from "./decisions.ts";
import { events } from "./events.ts";
import { gateways } from "./gateways.ts";
import { refused } from "./refused.ts";
import { startsAndEnds } from "./starts_and_ends.ts";
import { structure } from "./structure.ts";
import { subProcesses } from "./sub_processes.ts";
import { tasks } from "./tasks.ts";

export const constructs: readonly Construct[] = [
  ...structure,
  ...tasks,
  ...decisions,
  ...gateways,
  ...startsAndEnds,
  ...events,
  ...boundaryEvents,
  ...subProcesses,
  ...refused,
];
