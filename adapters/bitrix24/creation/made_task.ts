/** A task that exists on the portal, and may lack some of its parts. */
export interface MadeTask {
  readonly taskId: number;
  /** Made a moment ago, by us: it has no parts yet. Of any other what it has is read first. */
  readonly isNew: boolean;
}
