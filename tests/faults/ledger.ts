/**
 * The account of a fault test, in the words of Jepsen's queue checker: what was put in, what was acknowledged, what came
 * out, and what must never be: lost, duplicated, incomplete, unexpected.
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
  /** Ok, but only in part: something that belongs to the effect is not there, or there twice. */
  readonly incomplete: number;
  /** Ok although a fault hit it: it took a second attempt, left copies of one effect, or was never acknowledged. */
  readonly recovered: number;
  /** Effects of what was never attempted, and what else should not be there. */
  readonly unexpected: number;
}

interface Entry {
  attempted: boolean;
  acknowledged: boolean;
  again: boolean;
  /** How often each effect was seen, by its identity. */
  readonly effects: Map<string, number>;
  /** What is wrong with the parts of its effect. */
  readonly faults: string[];
}

export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #unexpected: string[] = [];

  /** @param print where `balance` writes its line. @default standard output */
  constructor(
    readonly name: string,
    private readonly print: (line: string) => void = (line) => writeLine(Deno.stdout, line),
  ) {}

  attempt(key: string): void {
    this.#entry(key).attempted = true;
  }

  acknowledge(key: string): void {
    this.#entry(key).acknowledged = true;
  }

  /** A further attempt was made for it. */
  again(key: string): void {
    this.#entry(key).again = true;
  }

  /**
   * An effect was seen, maybe before its attempt was booked. Effects of one `identity` are one to whoever is downstream.
   */
  effect(key: string, identity: string): void {
    const { effects } = this.#entry(key);
    effects.set(identity, (effects.get(identity) ?? 0) + 1);
  }

  /** Its effect was seen, but not whole. */
  incomplete(key: string, fault: string): void {
    this.#entry(key).faults.push(fault);
  }

  unexpected(what: string): void {
    this.#unexpected.push(what);
  }

  /** Keys that were acknowledged and whose effect was not seen so far. */
  missing(): string[] {
    return [...this.#entries].filter(([, entry]) => entry.acknowledged && entry.effects.size === 0).map(([key]) => key);
  }

  counts(): LedgerCounts {
    const attempted = [...this.#entries.values()].filter((entry) => entry.attempted);
    const ok = attempted.filter(({ effects }) => effects.size > 0);
    const hadTrouble = ({ acknowledged, again, effects }: Entry) =>
      again || !acknowledged || [...effects.values()].some((copies) => copies > 1);
    return {
      attempted: attempted.length,
      acknowledged: attempted.filter(({ acknowledged }) => acknowledged).length,
      ok: ok.length,
      lost: this.missing().length,
      duplicated: ok.filter(({ effects }) => effects.size > 1).length,
      incomplete: ok.filter(({ faults }) => faults.length > 0).length,
      recovered: ok.filter(hadTrouble).length,
      unexpected: this.#strange().length,
    };
  }

  line(): string {
    const counts = Object.entries(this.counts()).map(([word, count]) => `${word} ${count}`);
    return `ledger ${this.name}: ${counts.join(", ")}`;
  }

  /** Prints the line and fails unless nothing was lost, duplicated, incomplete or unexpected. */
  balance(): LedgerCounts {
    this.print(this.line());
    const counts = this.counts();
    assert.deepEqual(this.missing(), [], `${this.line()}: lost`);
    assert.equal(counts.duplicated, 0, `${this.line()}: duplicated`);
    assert.deepEqual(this.#inPart(), [], `${this.line()}: incomplete`);
    assert.deepEqual(this.#strange(), [], `${this.line()}: unexpected`);
    return counts;
  }

  #inPart(): string[] {
    return [...this.#entries].flatMap(([key, { faults }]) => faults.map((fault) => `${key}: ${fault}`));
  }

  #strange(): string[] {
    const strangers = [...this.#entries].filter(([, { attempted, effects }]) => !attempted && effects.size > 0);
    return [...this.#unexpected, ...strangers.map(([key]) => `an effect of ${key}, which was never attempted`)];
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { attempted: false, acknowledged: false, again: false, effects: new Map(), faults: [] };
    this.#entries.set(key, entry);
    return entry;
  }
}
