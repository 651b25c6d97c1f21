/** Output files appear whole or not at all. */
import { dirname, join } from "node:path";

/**
 * Written to a temporary name in the same folder, so that renaming is one step, and then renamed. Folders are made.
 * What stood there before stays when anything fails.
 * @throws the file system's error, or the signal's reason
 */
export async function writeWhole(path: string, content: string | Uint8Array, signal: AbortSignal): Promise<void> {
  const folder = dirname(path);
  await Deno.mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${crypto.randomUUID()}.tmp`);
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(temporary, bytes, { createNew: true, signal });
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
