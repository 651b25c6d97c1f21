/** Files that people name on the command line. */
import { errorText } from "../telemetry/error_text.ts";
import { CommandError } from "./commands/context.ts";
import { writeWhole } from "./write_whole.ts";

/**
 * UTF-8, with or without a byte order mark. What is larger is not read at all.
 * @throws {CommandError} that names the file and what is wrong with it
 */
export async function readTextFile(path: string, maxBytes: number, signal: AbortSignal): Promise<string> {
  const bytes = await read(path, maxBytes, signal);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`${path}: The file is not text in UTF-8.`);
  }
}

/** As {@link readTextFile}; `undefined` when there is no such file. */
export async function readIfThere(path: string, maxBytes: number, signal: AbortSignal): Promise<string | undefined> {
  try {
    await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw unreadable(path, error);
  }
  return await readTextFile(path, maxBytes, signal);
}

async function read(path: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const { size, isDirectory } = await Deno.stat(path);
    if (isDirectory) throw new CommandError(`${path}: This is a folder, not a file.`);
    if (size > maxBytes) throw new CommandError(`${path}: The file has ${size} bytes; at most ${maxBytes} are read.`);
    return await Deno.readFile(path, { signal });
  } catch (error) {
    if (error instanceof CommandError || signal.aborted) throw error;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): CommandError {
  if (error instanceof Deno.errors.NotFound) return new CommandError(`${path}: There is no such file.`);
  if (error instanceof Deno.errors.PermissionDenied) return new CommandError(`${path}: We may not read this file.`);
  return new CommandError(`${path}: The file cannot be read (${errorText(error)}).`);
}

/** As `writeWhole`. @throws {CommandError} that names the file */
export async function writeOutput(path: string, content: string | Uint8Array, signal: AbortSignal): Promise<void> {
  try {
    await writeWhole(path, content, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new CommandError(`${path}: The file cannot be written (${errorText(error)}).`);
  }
}
