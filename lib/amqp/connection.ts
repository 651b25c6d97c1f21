/** One connection to RabbitMQ that is made again whenever it is lost. */
import amqp, { type ChannelModel, type SocketOptions } from "amqplib";
import type { Counter } from "@opentelemetry/api";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";
import { FailureLog } from "../telemetry/repeats.ts";
import type { Clock } from "../time/clock.ts";
import { closeTimeoutMs } from "./channel.ts";
import { coalesceWrites } from "./coalesced_writes.ts";
import { type AmqpSettings, brokerAddress, connectFailure } from "./connect_failure.ts";
import { Kept, type Opened } from "./kept.ts";
import { abortable, settledWithin } from "./abortable.ts";

export interface ConnectionOptions {
  readonly settings: AmqpSettings;
  /**
   * Under an alarm the broker stops reading from connections that publish, acknowledgements included; so consuming has
   * one of its own.
   */
  readonly role: "publishing" | "consuming";
  readonly clientName: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly reconnects: Counter;
  /** Runs on a fresh connection before anybody else can use it. */
  prepare?(model: ChannelModel): Promise<void>;
  /** The broker stopped reading from us (`reason`), or reads again. */
  onBlocked?(reason: string | undefined): void;
}

const connectTimeoutMs = 10_000;

export function keepConnection(options: ConnectionOptions): Kept<ChannelModel> {
  const { settings, role, log, clock, reconnects } = options;
  const failures = new FailureLog(log, {
    code: "amqp.connection",
    what: `No ${role} connection to RabbitMQ`,
    now: clock.now,
  });
  return new Kept({
    open: (signal) => dial(options, signal),
    onOpen() {
      log.info("amqp.connected", `Connected to RabbitMQ at ${brokerAddress(settings)} for ${role}`, {
        connection: role,
        vhost: settings.RABBITMQ_VIRTUAL_HOST,
      });
      failures.recovered({ connection: role });
    },
    onFailure(why) {
      reconnects.add(1, { connection: role });
      failures.failed(why, { connection: role });
    },
    clock,
    firstDelayMs: 200,
    maxDelayMs: 5_000,
  });
}

async function dial(options: ConnectionOptions, signal: AbortSignal): Promise<Opened<ChannelModel>> {
  const { settings, clock } = options;
  // The socket itself: amqplib can only say goodbye, which a dead wire never answers.
  const wire = new AbortController();
  const giveUp = () => wire.abort(signal.reason);
  signal.addEventListener("abort", giveUp);
  // Heartbeats only begin after the handshake: without a limit a wire that dies during it would be waited for for ever.
  const timer = setTimeout(() => wire.abort(new Error("ETIMEDOUT in the handshake")), connectTimeoutMs);
  try {
    signal.throwIfAborted();
    const connecting = amqp.connect(address(settings), await socketOptions(options, wire.signal));
    const model = await abortable(connecting, wire.signal).catch((error) => {
      connecting.then((late) => late.close(), () => {}); // it came after all
      throw error;
    });
    clearTimeout(timer);
    coalesceWrites(model);
    const opened = watch(model, wire, clock, options);
    try {
      await options.prepare?.(model);
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  } catch (error) {
    throw connectFailure(error, settings);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

function watch(
  model: ChannelModel,
  wire: AbortController,
  clock: Clock,
  { onBlocked, settings }: ConnectionOptions,
): Opened<ChannelModel> {
  const ended = Promise.withResolvers<Error>();
  model.on("error", (error) => ended.resolve(lostConnection(error, settings)));
  model.on("close", (error) => ended.resolve(lostConnection(error, settings)));
  model.on("blocked", (reason) => onBlocked?.(reason));
  model.on("unblocked", () => onBlocked?.(undefined));
  ended.promise.then(() => onBlocked?.(undefined));
  return {
    value: model,
    ended: ended.promise,
    async close() {
      await settledWithin(closeTimeoutMs, Promise.race([model.close(), ended.promise]), clock);
      wire.abort();
    },
  };
}

function lostConnection(error: Error | undefined, settings: AmqpSettings): Error {
  const text = errorText(error ?? "closed");
  const why = /Heartbeat timeout/.test(text)
    ? `nothing was heard from it for two heartbeats (RABBITMQ_HEARTBEAT=${settings.RABBITMQ_HEARTBEAT})`
    : text;
  return new Error(`The connection to RabbitMQ at ${brokerAddress(settings)} was lost: ${why}`, { cause: error });
}

function address(settings: AmqpSettings) {
  return {
    protocol: settings.RABBITMQ_TLS ? "amqps" : "amqp",
    hostname: settings.RABBITMQ_HOST,
    port: settings.RABBITMQ_PORT ?? (settings.RABBITMQ_TLS ? 5671 : 5672),
    username: settings.RABBITMQ_USERNAME,
    password: settings.RABBITMQ_PASSWORD,
    // amqplib decodes it, as if it came out of a URL.
    vhost: encodeURIComponent(settings.RABBITMQ_VIRTUAL_HOST),
    // amqplib gives up between two and three of the intervals it asks for (lib/heartbeat.js); two thirds of the setting
    // make that twice the setting at most.
    heartbeat: Math.max(1, Math.floor(settings.RABBITMQ_HEARTBEAT * 2 / 3)),
  };
}

async function socketOptions({ settings, role, clientName }: ConnectionOptions, signal: AbortSignal) {
  const caFile = settings.RABBITMQ_CA_FILE;
  const options: SocketOptions & { signal: AbortSignal } = {
    clientProperties: { connection_name: `${clientName} ${role}` },
    noDelay: true,
    keepAlive: true,
    timeout: connectTimeoutMs,
    // Not in amqplib's types: it hands its options on to net.connect or tls.connect, and they destroy the socket on it.
    signal,
    ...(settings.RABBITMQ_TLS && caFile !== undefined ? { ca: await readAuthority(caFile) } : {}),
  };
  return options;
}

async function readAuthority(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(`cannot read RABBITMQ_CA_FILE ${path}: ${errorText(error)}`, { cause: error });
  }
}
