/** One thing that a target system needs, and how far it is. */
export interface SetupStep {
  readonly name: string;
  /** `planned`: missing, and would be made with `--apply`. */
  readonly state: "present" | "planned" | "made" | "failed";
  readonly detail: string;
  /** What a person can do about a failure. */
  readonly remedy?: string;
}
