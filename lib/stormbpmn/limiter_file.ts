/**
 * The limiter's memory as a small file, so that it survives a restart, and so that a service and a person at the command
 * line keep the limit together. Each change is made under the file's lock, which ends with the process that holds it.
 */
import { errorText } from "../telemetry/error_text.ts";
import { FRESH_STATE, type LimiterState, limiterState, type LimiterStore } from "./limiter_state.ts";
import { StormError } from "./storm_error.ts";

const LARGEST_FILE_BYTES = 256 * 1024;

export class LimiterFile implements LimiterStore {
  constructor(private readonly path: string) {}

  async update<T>(change: (state: LimiterState | undefined) => readonly [LimiterState, T]): Promise<T> {
    try {
      using file = await Deno.open(this.path, { read: true, write: true, create: true, mode: 0o600 });
      await file.lock(true);
      const found = stateIn(await textOf(file));
      const [state, result] = change(found);
      if (state !== found) await write(file, state);
      return result;
    } catch (error) {
      throw new StormError(
        "limited",
        "state_file",
        `Nothing is asked of StormBPMN, since what was asked cannot be kept in ${this.path}: ${errorText(error)}. ` +
          "Is STORMBPMN_STATE_FILE a file that this program may write?",
      );
    }
  }
}

/** `undefined` for a text that was damaged. */
function stateIn(text: string): LimiterState | undefined {
  if (text === "") return FRESH_STATE; // just created
  try {
    return limiterState.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function textOf(file: Deno.FsFile): Promise<string> {
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.min(size, LARGEST_FILE_BYTES));
  let length = 0;
  for (;;) {
    const read = await file.read(bytes.subarray(length));
    if (read === null || read === 0) return new TextDecoder().decode(bytes.subarray(0, length));
    length += read;
  }
}

/** In place, since the lock is on the file itself: a new file in its place would not be locked. */
async function write(file: Deno.FsFile, state: LimiterState): Promise<void> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(state)}\n`);
  await file.seek(0, Deno.SeekMode.Start);
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  await file.truncate(bytes.length);
  // A loss of power must not bring back requests that were made.
  await file.syncData();
}
