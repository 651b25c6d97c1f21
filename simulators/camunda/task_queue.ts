/** Which external tasks can be fetched, in an order that finds the next hundred without looking at the rest. */
import type { ExternalTask } from "./runtime.ts";

export type CreateTimeOrder = "asc" | "desc";

export class TaskQueue {
  /** Fetchable tasks by topic, then priority. */
  readonly #waiting = new Map<string, Map<number, CreationOrder>>();
  /** Locked tasks, soonest expiry first; entries of locks that have changed since are skipped. */
  readonly #locks = new LockHeap();
  readonly #listed = new Map<ExternalTask, CreationOrder>();

  /** Puts the task where it now belongs; call after every change of its lock, retries or state. */
  refresh(task: ExternalTask, nowMs: number): void {
    this.#listed.get(task)?.remove(task);
    this.#listed.delete(task);
    if (task.ended || task.retries === 0 || task.instance.state !== "ACTIVE") return;
    if (task.lockExpiresAtMs !== null && task.lockExpiresAtMs > nowMs) {
      this.#locks.push({ task, expiresAtMs: task.lockExpiresAtMs });
    } else this.#list(task);
  }

  /** Fetchable tasks of these topics, by priority first when asked to, then by creation. */
  *fetchable(topics: readonly string[], usePriority: boolean, order: CreateTimeOrder, nowMs: number) {
    this.#releaseExpired(nowMs);
    const cursors = topics.flatMap((topic) =>
      Array.from(this.#waiting.get(topic) ?? [], ([priority, list]) => ({ priority, tasks: list.walk(order) }))
    ).flatMap(({ priority, tasks }) => {
      const first = tasks.next();
      return first.done ? [] : [{ priority, tasks, head: first.value }];
    });
    while (cursors.length > 0) {
      const next = cursors.reduce((best, cursor) => {
        const byPriority = usePriority ? cursor.priority - best.priority : 0;
        const byAge = (best.head.sequence - cursor.head.sequence) * (order === "asc" ? 1 : -1);
        return byPriority > 0 || (byPriority === 0 && byAge > 0) ? cursor : best;
      });
      yield next.head;
      const following = next.tasks.next();
      if (following.done) cursors.splice(cursors.indexOf(next), 1);
      else next.head = following.value;
    }
  }

  #list(task: ExternalTask): void {
    const byPriority = this.#waiting.get(task.topicName) ?? new Map<number, CreationOrder>();
    const list = byPriority.get(task.priority) ?? new CreationOrder();
    this.#waiting.set(task.topicName, byPriority);
    byPriority.set(task.priority, list);
    list.add(task);
    this.#listed.set(task, list);
  }

  #releaseExpired(nowMs: number): void {
    for (let lock = this.#locks.peek(); lock !== undefined && lock.expiresAtMs <= nowMs; lock = this.#locks.peek()) {
      this.#locks.pop();
      if (lock.task.lockExpiresAtMs === lock.expiresAtMs) this.refresh(lock.task, nowMs);
    }
  }
}

/** Tasks sorted by creation; cheap at both ends, where almost every change happens. */
class CreationOrder {
  #tasks: (ExternalTask | undefined)[] = [];
  #head = 0;

  add(task: ExternalTask): void {
    const last = this.#tasks.at(-1);
    if (last === undefined || last.sequence < task.sequence) this.#tasks.push(task);
    else this.#tasks.splice(this.#positionOf(task), 0, task);
  }

  remove(task: ExternalTask): void {
    const at = this.#positionOf(task);
    if (at === this.#head) {
      this.#tasks[this.#head++] = undefined;
      if (this.#head > 1000 && this.#head * 2 > this.#tasks.length) {
        this.#tasks = this.#tasks.slice(this.#head);
        this.#head = 0;
      }
    } else this.#tasks.splice(at, 1);
  }

  /** Callers take what they want before they change anything. */
  *walk(order: CreateTimeOrder): Generator<ExternalTask, undefined> {
    const length = this.#tasks.length - this.#head;
    for (let i = 0; i < length; i++) {
      const task = this.#tasks[order === "asc" ? this.#head + i : this.#tasks.length - 1 - i];
      if (task !== undefined) yield task;
    }
    return undefined;
  }

  #positionOf(task: ExternalTask): number {
    let [low, high] = [this.#head, this.#tasks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#tasks[middle]?.sequence ?? Infinity) < task.sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Lock {
  readonly task: ExternalTask;
  readonly expiresAtMs: number;
}

/** A binary heap. */
class LockHeap {
  readonly #locks: Lock[] = [];

  peek(): Lock | undefined {
    return this.#locks[0];
  }

  push(lock: Lock): void {
    let at = this.#locks.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = this.#locks[parent];
      if (above === undefined || above.expiresAtMs <= lock.expiresAtMs) break;
      this.#locks[at] = above;
      at = parent;
    }
    this.#locks[at] = lock;
  }

  pop(): void {
    const last = this.#locks.pop();
    if (last === undefined || this.#locks.length === 0) return;
    let at = 0;
    for (;;) {
      const child = this.#soonestChild(at);
      const below = this.#locks[child];
      if (below === undefined || below.expiresAtMs >= last.expiresAtMs) break;
      this.#locks[at] = below;
      at = child;
    }
    this.#locks[at] = last;
  }

  #soonestChild(at: number): number {
    const [left, right] = [this.#locks[2 * at + 1], this.#locks[2 * at + 2]];
    return right !== undefined && left !== undefined && right.expiresAtMs < left.expiresAtMs ? 2 * at + 2 : 2 * at + 1;
  }
}
