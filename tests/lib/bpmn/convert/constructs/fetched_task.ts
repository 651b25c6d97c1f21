/** External tasks as the worker fetches them. */
import { z } from "zod";
import type { CamundaDriver } from "../../../../services/camunda_driver.ts";

const fetched = z.array(z.object({
  id: z.string(),
  activityId: z.string(),
  workerId: z.string(),
  variables: z.object({ loopCounter: z.object({ value: z.number() }).optional() })
    .transform(({ loopCounter }) => ({ loopCounter: loopCounter?.value })),
  extensionProperties: z.record(z.string(), z.string()).nullish().transform((properties) => properties ?? {}),
}));
export type FetchedTask = z.infer<typeof fetched>[number];

/** Longer than any test. */
const LOCK_MS = 600_000;

/** Tasks of a tenant that nobody has locked. */
export async function fetchTasks(
  driver: CamundaDriver,
  tenantId: string,
  topics: readonly string[],
): Promise<FetchedTask[]> {
  const request = {
    workerId: "constructs",
    maxTasks: 1_000,
    topics: topics.map((topicName) => ({
      topicName,
      tenantIdIn: [tenantId],
      lockDuration: LOCK_MS,
      includeExtensionProperties: true,
      variables: ["loopCounter"],
    })),
  };
  return fetched.parse(await driver.call("POST", "/external-task/fetchAndLock", request));
}
