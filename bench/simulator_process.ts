/** A simulator as a process, so that its work and its memory are not those of what is measured. */
import { fileURLToPath } from "node:url";

export interface SimulatorProcess extends AsyncDisposable {
  /** CAMUNDA_BASE_URL or BITRIX_WEBHOOK_URL. */
  readonly url: string;
}

export async function startSimulator(name: "camunda" | "bitrix24", ...args: string[]): Promise<SimulatorProcess> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(new URL("./simulators.ts", import.meta.url)), name, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  return {
    url: value.trim(),
    async [Symbol.asyncDispose]() {
      await process.stdin.close();
      await process.status;
      await reader.cancel();
    },
  };
}
