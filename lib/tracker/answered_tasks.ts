/**
 * Tasks that a hint has answered while their messages wait in the broker. A message that comes back to find its task here
 * ends without a word: the answer is on its way, and nobody needs to be told that the process waits no longer.
 */

/** Some 100 bytes each. One that was pushed out is looked at again, and answered again if Camunda still has it. */
const MOST = 20_000;

export class AnsweredTasks {
  readonly #ids = new Set<string>();

  constructor(private readonly most = MOST) {}

  add(taskId: string): void {
    this.#ids.delete(taskId);
    this.#ids.add(taskId);
    const [oldest] = this.#ids;
    if (oldest !== undefined && this.#ids.size > this.most) this.#ids.delete(oldest);
  }

  /**
   * Whether this message is the one that waited. Asked once for each that comes.
   * @param hasWaited `false` for a task that was handed out anew, since its answer was refused: that one is to be looked at
   */
  isOver(taskId: string, hasWaited: boolean): boolean {
    return this.#ids.delete(taskId) && hasWaited;
  }
}
