/** Turns a program into a process: command line, settings, then a run, a check or a printout, and an exit code. */
import { amqpSettings } from "../amqp/amqp_settings.ts";
import type { Broker } from "../amqp/broker.ts";
import { partOf } from "../config/read_settings.ts";
import { SettingsError } from "../config/require_settings.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import { writeLine } from "../telemetry/configure_logging.ts";
import { errorText } from "../telemetry/error_text.ts";
import { SecretFilter } from "../telemetry/secret_filter.ts";
import { parseArguments } from "./arguments.ts";
import { checkProgram } from "./check_program.ts";
import { exitCode } from "./exit_code.ts";
import { logFormatFor } from "./log_format.ts";
import type { Program } from "./program.ts";
import { programSettings } from "./program_settings.ts";
import { type BrokerDependencies, type PreparedProgram, runProgram } from "./run_program.ts";
import { settleSettings } from "./settle_settings.ts";
import { setupProgram } from "./setup_program.ts";
import { version } from "./version.ts";

export interface MainOptions<Table extends SettingsTable> {
  /** @default RabbitMQ, whose settings then are the program's too */
  readonly connectBroker?: (settings: SettingsOf<Table>, dependencies: BrokerDependencies) => Broker;
  /** Names that other Exchanger programs read, so that one `.env` can serve all without warnings. */
  readonly settingsElsewhere?: readonly string[];
}

/** Resolves with the exit code; an entry ends with `Deno.exit(await main(program, Deno.args))`. Never rejects on faults of use. */
export async function main<Table extends SettingsTable>(
  program: Program<Table>,
  args: readonly string[],
  options: MainOptions<Table> = {},
): Promise<number> {
  const parsed = parseArguments({ ...program, canSetUp: program.setup !== undefined }, version, args);
  if (parsed.kind === "answered") {
    if (parsed.stdout !== "") writeLine(Deno.stdout, parsed.stdout.trimEnd());
    if (parsed.stderr !== "") writeLine(Deno.stderr, parsed.stderr.trimEnd());
    return parsed.exitCode;
  }

  const { connectBroker, settingsElsewhere = [] } = options;
  const ownTable = programSettings(program.name);
  const table: SettingsTable = { ...ownTable, ...connectBroker === undefined ? amqpSettings : {}, ...program.settings };
  const settled = settleSettings({
    table,
    envFile: parsed.envFile,
    settingsElsewhere,
    crossCheck: (assumed) => program.crossCheck?.(partOf(assumed, program.settings)) ?? [],
  });
  if (settled.kind === "refused") return settled.exitCode;
  if (parsed.kind === "settings") return settled.show();

  const { settings: all, reading } = settled;
  const settings = partOf(all, program.settings);
  const common = partOf(all, ownTable);
  const prepared: PreparedProgram<Table> = {
    program,
    settings,
    common,
    reading,
    logFormat: parsed.logFormat ?? logFormatFor(common.LOG_FORMAT, Deno.stdout),
    connectBroker: connectBroker === undefined
      ? await rabbitMq(all)
      : (dependencies) => connectBroker(settings, dependencies),
  };
  try {
    switch (parsed.kind) {
      case "check":
        return await checkProgram(prepared, parsed);
      case "setup":
        return await setupProgram(prepared, parsed);
      case "run":
        return await runProgram(prepared);
    }
  } catch (error) {
    // The broker could not even be tried, say for a certificate that cannot be read.
    if (error instanceof SettingsError) return settled.refuse(error.faults);
    writeLine(Deno.stderr, new SecretFilter(reading.secrets()).hide(`exchanger-${program.name}: ${errorText(error)}`));
    return exitCode.failure;
  }
}

/** Loaded only when it is used: programs that hand in a broker do without the AMQP client. */
async function rabbitMq(settings: object): Promise<(dependencies: BrokerDependencies) => Broker> {
  const { connectRabbitMq } = await import("../amqp/rabbitmq.ts");
  const own = partOf(settings, amqpSettings);
  return (dependencies) => connectRabbitMq(own, dependencies);
}
