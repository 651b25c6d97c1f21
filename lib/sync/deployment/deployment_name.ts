/** The deployment record: what Camunda shows of a deployment says what it is made of. */

export interface DeploymentRecord {
  /** The diagram's. */
  readonly name: string;
  /** StormBPMN's version of the diagram. */
  readonly version?: string | undefined;
  /** Who deployed it. */
  readonly by?: string | undefined;
}

/** ACT_RE_DEPLOYMENT.NAME_ holds 255 characters. */
const MAX_CHARACTERS = 255;
/** Enough for any version and any person; a name has room beside them. */
const MAX_FACT_CHARACTERS = 60;

/** `Order intake (StormBPMN version 12, by anna)`; what is too long is cut. */
export function deploymentName({ name, version, by }: DeploymentRecord): string {
  const facts = [
    ...(version === undefined ? [] : [`StormBPMN version ${cut(version, MAX_FACT_CHARACTERS)}`]),
    ...(by === undefined ? [] : [`by ${cut(by, MAX_FACT_CHARACTERS)}`]),
  ];
  const suffix = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `${cut(name, MAX_CHARACTERS - suffix.length)}${suffix}`;
}

function cut(text: string, characters: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= characters ? line : `${line.slice(0, characters - 1)}…`;
}
