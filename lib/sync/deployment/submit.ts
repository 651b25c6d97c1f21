/** Handing a file to Camunda so that one new version comes of it, whatever becomes of the answers. */
import type { CamundaClient } from "../../camunda/client.ts";
import { createDeployment, type NewDeployment } from "../../camunda/deployment.ts";
import type { ProcessDefinition } from "../../camunda/process_definitions.ts";
import { areOf, definitionsIn, type Standing } from "./standing.ts";

export interface Submission {
  readonly xml: string;
  readonly deployment: Omit<NewDeployment, "duplicates">;
  /** What Camunda has already is not deployed again. */
  readonly filtering: boolean;
  /** What it had before the first attempt. */
  readonly before: readonly Standing[];
  /** What it has now. */
  look(): Promise<readonly Standing[]>;
}

/**
 * @param attempt from 1
 * @returns the versions that are there now and were not before
 * @throws what `createDeployment` throws
 */
export async function submit(
  camunda: CamundaClient,
  submission: Submission,
  attempt: number,
  signal: AbortSignal,
): Promise<readonly ProcessDefinition[]> {
  const { xml, deployment, before, look } = submission;
  const create = async (duplicates: "deploy" | "skip") =>
    (await createDeployment(camunda, { ...deployment, duplicates }, signal)).definitions;
  if (attempt > 1) {
    // The attempt before may have taken effect although no answer came.
    const now = await look();
    const older = new Set(definitionsIn(before).map(({ id }) => id));
    if (areOf(xml, now) && definitionsIn(now).every(({ id }) => !older.has(id))) return definitionsIn(now);
  }
  // Camunda's own filter would apply a time of activation to the older deployment that it finds.
  const filtering = submission.filtering && deployment.activateAt === undefined;
  const created = await create(filtering ? "skip" : "deploy");
  if (created.length > 0 || !filtering) return created;
  // Nothing new: somebody else deployed the same meanwhile, or fetch itself sent the request twice. Or filtering found it
  // in the last deployment of this name while the newest version is of another: after a return to an older drawing.
  const now = await look();
  return areOf(xml, now) ? definitionsIn(now) : await create("deploy");
}
