/** Whether the portal has the add-on module `imena.camunda`: found out once per start, since everything depends on it. */
import { addon } from "../../lib/bitrix24/addon.ts";
import { Bitrix24Error } from "../../lib/bitrix24/bitrix24_error.ts";
import type { Bitrix24Client, Command, CommandResult } from "../../lib/bitrix24/client.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";

export class AddonPresence {
  #isThere: boolean | undefined;

  /** @param mode BITRIX_ADDON */
  constructor(private readonly mode: "auto" | "on" | "off", private readonly client: Bitrix24Client) {}

  /** Any method of the add-on would do; this one changes nothing and needs nothing. */
  readonly question: Command = addon.userFields();

  /**
   * @throws {Bitrix24Error} when the portal does not tell: a portal that cannot be asked is not one without the add-on.
   */
  async isThere(signal: AbortSignal): Promise<boolean> {
    if (this.mode !== "auto") return this.mode === "on";
    if (this.#isThere !== undefined) return this.#isThere;
    const [answer] = await this.client.batch([this.question], signal);
    this.#isThere = presenceIn(answer);
    return this.#isThere;
  }

  /** `answer` is that to {@link question}. */
  check(answer: CommandResult | undefined): CheckResult {
    const name = "Bitrix24: add-on";
    if (this.mode === "off") return { name, ok: true, detail: "not used: BITRIX_ADDON=off" };
    let isThere: boolean;
    try {
      isThere = presenceIn(answer);
      this.#isThere = isThere;
    } catch (error) {
      const remedy = "Give the webhook the right imena.camunda, or set BITRIX_ADDON=off to do without the add-on.";
      return { name, ok: false, detail: error instanceof Bitrix24Error ? error.message : String(error), remedy };
    }
    if (isThere) {
      return { name, ok: true, detail: "imena.camunda answers: its templates and questionnaires are used" };
    }
    if (this.mode === "auto") {
      return { name, ok: true, detail: "the portal has none: tasks are made of what the model and the process say" };
    }
    const remedy = "Install the module imena.camunda and give the webhook its right, or set BITRIX_ADDON=off.";
    return { name, ok: false, detail: "the portal does not know the methods of imena.camunda", remedy };
  }
}

function presenceIn(answer: CommandResult | undefined): boolean {
  if (answer?.ok === true) return true;
  if (answer?.error.code === "ERROR_METHOD_NOT_FOUND") return false;
  throw answer?.error ?? new Bitrix24Error("fault", "unanswered", "Bitrix24 left the add-on out of its answer.");
}
