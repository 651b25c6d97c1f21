/** The body of a call from anybody: bounded in size and in time. */

/** An event has about 700 bytes. */
const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

export type CallBody =
  | { readonly kind: "whole"; readonly body: Uint8Array }
  | { readonly kind: "too_large" }
  /** The caller went away, or was too slow. */
  | { readonly kind: "broken_off" };

/** Never rejects. */
export async function readBody(request: Request, timeoutMs = TIMEOUT_MS): Promise<CallBody> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader?.cancel().catch(() => {});
  }, timeoutMs);
  try {
    for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
      size += chunk.value.byteLength;
      if (size > MAX_BYTES) {
        await reader?.cancel();
        return { kind: "too_large" };
      }
      chunks.push(chunk.value);
    }
    return late ? { kind: "broken_off" } : { kind: "whole", body: joined(chunks, size) };
  } catch {
    return { kind: "broken_off" };
  } finally {
    clearTimeout(timer);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
