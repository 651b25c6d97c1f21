/** One run of a program with a broker. */
import type { Meter } from "@opentelemetry/api";
import type { Broker } from "../amqp/broker.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import type { Log } from "../telemetry/log.ts";
import type { Program } from "./program.ts";
import { type PreparedService, runService } from "./run_service.ts";

/** What a broker connection is made with besides settings. */
export interface BrokerDependencies {
  readonly log: Log;
  readonly meter: Meter;
  readonly clientName: string;
}

/** A program with everything read that it needs to start. */
export interface PreparedProgram<Table extends SettingsTable> extends Omit<PreparedService, "name"> {
  readonly program: Program<Table>;
  readonly settings: SettingsOf<Table>;
  readonly connectBroker: (dependencies: BrokerDependencies) => Broker;
}

/** Resolves with the exit code. When work was cut off it may still be going on: exit then. */
export function runProgram<Table extends SettingsTable>(prepared: PreparedProgram<Table>): Promise<number> {
  const { program, settings, connectBroker } = prepared;
  return runService({ ...prepared, name: program.name }, (context) => {
    const { log, meter, health } = context;
    const broker = connectBroker({ log, meter, clientName: `exchanger-${program.name}` });
    health.watch("broker", () => broker.state().problem);
    return { run: () => program.run(settings, { ...context, broker }), close: () => broker.close() };
  });
}
