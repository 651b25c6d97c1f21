/** A real program that does as little as possible, for the tests of what all programs share. */
import { createEmbeddedBroker } from "../../../lib/amqp/embedded.ts";
import { choice, integer, text } from "../../../lib/config/schemas.ts";
import type { SettingsTable } from "../../../lib/config/setting.ts";
import { DependencyDownError } from "../../../lib/program/exit_code.ts";
import { main } from "../../../lib/program/main.ts";
import type { Program } from "../../../lib/program/program.ts";
import { systemClock } from "../../../lib/time/clock.ts";

const smallSettings = {
  SMALL_MODE: {
    schema: choice(["idle", "slow", "deaf", "stuck", "fail", "down", "crash", "once"]),
    doc: "How it behaves.",
    example: "slow",
    default: "idle",
  },
  SMALL_TOKEN: { schema: text, doc: "A secret.", example: "change-me", secret: true },
  SMALL_LIMIT: { schema: integer({ min: 1, max: 9 }), doc: "A number.", example: "3", default: "1" },
} as const satisfies SettingsTable;

const small: Program<typeof smallSettings> = {
  name: "small",
  summary: "Does as little as possible.",
  examples: [{ command: "exchanger-small check", what: "looks around" }],
  settings: smallSettings,
  crossCheck: ({ SMALL_MODE, SMALL_LIMIT }) =>
    SMALL_MODE === "once" && SMALL_LIMIT > 5
      ? [{ name: "SMALL_LIMIT", problem: "must be at most 5 when SMALL_MODE is once", example: "5" }]
      : [],
  async run(settings, { log, signal, force, health }) {
    log.info("small.running", `The token is ${settings.SMALL_TOKEN}`, {
      token: encodeURIComponent(settings.SMALL_TOKEN),
    });
    health.waiting("work");
    switch (settings.SMALL_MODE) {
      case "once":
        return;
      case "fail":
        throw new Error(`It does not work with ${settings.SMALL_TOKEN}`);
      case "down":
        throw new DependencyDownError("The portal is down");
      case "crash":
        Promise.reject(new Error(`Nobody expects ${settings.SMALL_TOKEN}`));
        break;
      case "stuck":
        health.turned("consumer");
        health.set("portal", `refuses ${settings.SMALL_TOKEN}`);
        break;
      case "idle":
      case "slow":
      case "deaf":
    }
    await systemClock.sleep(600_000, signal).catch(() => {});
    switch (settings.SMALL_MODE) {
      case "slow":
        await systemClock.sleep(600_000, force);
        break;
      case "deaf":
        await systemClock.sleep(600_000);
        break;
      default:
        log.info("small.token", `At the end the token is ${settings.SMALL_TOKEN.length} letters long`);
    }
  },
  check(settings) {
    return Promise.resolve([
      { name: "Small: token", ok: true, detail: `${settings.SMALL_TOKEN} is accepted` },
      settings.SMALL_MODE === "down"
        ? { name: "Small: portal", ok: false, detail: "connection refused", remedy: "Start the portal" }
        : { name: "Small: portal", ok: true, detail: "answers" },
    ]);
  },
};

if (import.meta.main) {
  Deno.exit(
    await main(small, Deno.args, {
      connectBroker: () => createEmbeddedBroker(),
      settingsElsewhere: ["BITRIX_WEBHOOK_URL"],
    }),
  );
}
