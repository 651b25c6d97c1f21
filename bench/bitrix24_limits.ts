/**
 * Ten minutes of full load on a portal with the vendor's limits, creator and tracker side by side, each with its share of
 * the budget: how much of what the portal allows is used, and how often it had to say no.
 */
import { never, portal } from "../tests/adapters/bitrix24/portal_place.ts";
import { sent, task } from "../tests/adapters/bitrix24/messages.ts";
import type { CreateOutcome, Progress } from "../adapters/target_system.ts";
import { openBitrix24 } from "../adapters/bitrix24/open_bitrix24.ts";
import { bitrixSettings } from "../adapters/bitrix24/bitrix_settings.ts";
import { requireSettings } from "../lib/config/require_settings.ts";
import { logOf } from "../lib/telemetry/log.ts";
import { systemClock } from "../lib/time/clock.ts";
import { type Result, resultOf } from "./figures.ts";
import type { Place } from "./place.ts";

const MINUTES = 10;
const LIMIT = { perSecond: 2, burst: 50 };
const OPERATING = { seconds: 480 };
const BATCH = 50;
/** Batches in the creator's hands at a time. */
const SIDE_BY_SIDE = 2;

export async function bitrix24Limits({ tell }: Place): Promise<Result[]> {
  await using place = await portal({}, { requestLimit: LIMIT, operatingLimit: OPERATING });
  const { simulator } = place;
  const settings = requireSettings(bitrixSettings, {
    BITRIX_WEBHOOK_URL: simulator.webhookUrl,
    BITRIX_DEFAULT_RESPONSIBLE_ID: "1",
  });
  const open = () => openBitrix24(settings, { clock: systemClock, log: logOf("bench") });
  using creator = open();
  using tracker = open();
  if (creator === undefined || tracker === undefined) throw new Error("Bitrix24 is not served");
  const endsAt = performance.now() + MINUTES * 60_000;
  const isOver = () => performance.now() > endsAt;
  let [created, limited, number] = [0, 0, 0];
  /** All of a batch that the portal refuses are down for one reason. */
  const countRefusal = (outcomes: readonly (CreateOutcome | Progress)[]) => {
    const down = outcomes.find((outcome) => outcome.kind === "down");
    if (down === undefined) return;
    limited++;
    tell(`refused: ${down.reason}`);
  };

  const create = async () => {
    while (!isOver()) {
      const tasks = Array.from({ length: BATCH }, () => task(`order-${number++}`));
      const outcomes = await creator.create(tasks, never);
      created += outcomes.filter(({ kind }) => kind === "created").length;
      countRefusal(outcomes);
    }
  };
  const track = async () => {
    while (!isOver()) {
      const progress = await tracker.track(
        Array.from({ length: 1_000 }, (_, n) => sent(`order-${n}`, String(n + 1))),
        never,
      );
      countRefusal(progress);
    }
  };
  const watch = async () => {
    while (!isOver()) {
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(60_000, Math.max(0, endsAt - performance.now()) + 1))
      );
      tell(`${created} tasks created with ${simulator.requestCount} requests`);
    }
  };
  const requestsBefore = simulator.requestCount;
  await Promise.all([...Array.from({ length: SIDE_BY_SIDE }, create), track(), watch()]);
  const allowed = LIMIT.burst + LIMIT.perSecond * MINUTES * 60;
  return [
    resultOf("bitrix24.limit_share", (simulator.requestCount - requestsBefore) / allowed, { baseline: allowed }),
    resultOf("bitrix24.limit_errors", limited),
  ];
}
