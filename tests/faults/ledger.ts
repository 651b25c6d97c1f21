/**
 * The account of a fault test, in the words of Jepsen's queue checker: what was put in, what was acknowledged, what came
 * out, and what must never be: lost, duplicated, unexpected.
 */
import assert from "node:assert/strict";
import { writeLine } from "../../lib/telemetry/configure_logging.ts";

export interface LedgerCounts {
  readonly attempted: number;
  /** Taken by a system that promised to keep it. */
  readonly acknowledged: number;
  /** Attempted, and its effect was seen. */
  readonly ok: number;
  /** Acknowledged, and its effect was never seen. */
  readonly lost: number;
  /** With two effects that nobody downstream can tell to be one. */
  readonly duplicated: number;
  /** Ok although a fault hit it: it took a second attempt, left copies of one effect, or was never acknowledged. */
  readonly recovered: number;
  /** Effects of what was never attempted, and what else should not be there. */
  readonly unexpected: number;
}

interface Entry {
  acknowledged: boolean;
  again: boolean;
  /** How often each effect was seen, by its identity. */
  readonly effects: Map<string, number>;
}

export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #unexpected: string[] = [];

  constructor(readonly name: string) {}

  attempt(key: string): void {
    if (!this.#entries.has(key)) this.#entries.set(key, { acknowledged: false, again: false, effects: new Map() });
  }

  acknowledge(key: string): void {
    this.#attempted(key).acknowledged = true;
  }

  /** A further attempt was made for it. */
  again(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.again = true;
  }

  /** An effect was seen. Effects of one `identity` are one to whoever is downstream. */
  effect(key: string, identity: string): void {
    const effects = this.#entries.get(key)?.effects;
    if (effects === undefined) return this.unexpected(`an effect (${identity}) of ${key}, which was never attempted`);
    effects.set(identity, (effects.get(identity) ?? 0) + 1);
  }

  unexpected(what: string): void {
    this.#unexpected.push(what);
  }

  /** Keys that were acknowledged and whose effect was not seen so far. */
  missing(): string[] {
    return [...this.#entries].filter(([, entry]) => entry.acknowledged && entry.effects.size === 0).map(([key]) => key);
  }

  counts(): LedgerCounts {
    const entries = [...this.#entries.values()];
    const ok = entries.filter(({ effects }) => effects.size > 0);
    return {
      attempted: entries.length,
      acknowledged: entries.filter(({ acknowledged }) => acknowledged).length,
      ok: ok.length,
      lost: this.missing().length,
      duplicated: ok.filter(({ effects }) => effects.size > 1).length,
      recovered:
        ok.filter(({ acknowledged, again, effects }) =>
          again || !acknowledged || [...effects.values()].some((copies) => copies > 1)
        ).length,
      unexpected: this.#unexpected.length,
    };
  }

  line(): string {
    const counts = Object.entries(this.counts()).map(([word, count]) => `${word} ${count}`);
    return `ledger ${this.name}: ${counts.join(", ")}`;
  }

  /** Prints the line and fails unless nothing was lost, duplicated or unexpected. */
  balance(): LedgerCounts {
    writeLine(Deno.stdout, this.line());
    const counts = this.counts();
    assert.deepEqual(this.missing(), [], `${this.line()}: lost`);
    assert.equal(counts.duplicated, 0, `${this.line()}: duplicated`);
    assert.deepEqual(this.#unexpected, [], `${this.line()}: unexpected`);
    return counts;
  }

  #attempted(key: string): Entry {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new Error(`${key} was acknowledged before it was attempted`);
    return entry;
  }
}
