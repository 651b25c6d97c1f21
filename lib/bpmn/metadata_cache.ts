/** Process metadata by definition id, read at most once: a definition id is immutable in Camunda, so nothing expires. */
import { parseProcessMetadata, type ProcessMetadata } from "./metadata.ts";

export interface MetadataCacheOptions {
  /** The BPMN XML of a definition. Its signal aborts when nobody waits for the answer any more. */
  readonly load: (definitionId: string, signal: AbortSignal) => Promise<string>;
  /** Definitions kept; the least recently used leaves. @default 150 */
  readonly capacity?: number;
}

/** A load under way and how many callers wait for it. */
interface Loading {
  readonly result: Promise<ProcessMetadata>;
  readonly abandoned: AbortController;
  waiting: number;
}

export class MetadataCache {
  /** Least recently used first: a Map keeps the order of insertion. */
  readonly #parsed = new Map<string, ProcessMetadata>();
  readonly #loading = new Map<string, Loading>();

  constructor(private readonly options: MetadataCacheOptions) {}

  /**
   * Waits for a load that is already under way instead of starting another. A failure reaches everybody who waits and is
   * not kept: the next call tries again. Rejects with the signal's reason when aborted.
   */
  async get(definitionId: string, signal: AbortSignal): Promise<ProcessMetadata> {
    signal.throwIfAborted();
    const known = this.#parsed.get(definitionId);
    if (known !== undefined) {
      this.#keep(definitionId, known);
      return known;
    }
    const loading = this.#loading.get(definitionId) ?? this.#begin(definitionId);
    loading.waiting++;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([loading.result, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      if (--loading.waiting === 0) this.#end(definitionId, loading);
    }
  }

  #begin(definitionId: string): Loading {
    const abandoned = new AbortController();
    const loading = { result: this.#load(definitionId, abandoned.signal), abandoned, waiting: 0 };
    loading.result.catch(() => {}); // handled by whoever waits; by nobody when all of them went away
    this.#loading.set(definitionId, loading);
    return loading;
  }

  /** Also at once when the last caller went away, so that the next one does not join a load that is being aborted. */
  #end(definitionId: string, loading: Loading): void {
    if (this.#loading.get(definitionId) === loading) this.#loading.delete(definitionId);
    loading.abandoned.abort(new Error("Nobody waits for this process definition any more"));
  }

  async #load(definitionId: string, signal: AbortSignal): Promise<ProcessMetadata> {
    const metadata = parseProcessMetadata(await this.options.load(definitionId, signal));
    this.#keep(definitionId, metadata);
    return metadata;
  }

  #keep(definitionId: string, metadata: ProcessMetadata): void {
    this.#parsed.delete(definitionId);
    this.#parsed.set(definitionId, metadata);
    const [oldest] = this.#parsed.keys();
    if (oldest !== undefined && this.#parsed.size > (this.options.capacity ?? 150)) this.#parsed.delete(oldest);
  }
}
