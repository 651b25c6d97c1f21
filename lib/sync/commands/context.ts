/**
 * What a command of exchanger-sync is and what it is handed. A command is a file of this folder that exports
 * `<name>Command(choose)`: it describes itself to commander and, when it is the one asked for, chooses its work.
 */
import type { Command } from "commander";
import type { CamundaClient } from "../../camunda/client.ts";
import type { StormClient } from "../../stormbpmn/storm_client.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Clock } from "../../time/clock.ts";
import type { Deployer, DeployerOptions } from "../deployment/deployer.ts";
import type { PullDeps } from "../pull.ts";
import type { SyncSettings } from "../sync_settings.ts";

export interface CommandContext {
  readonly settings: SyncSettings;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  /** The result, and nothing else; a line or several. */
  stdout(text: string): void;
  /** What is wrong; a line or several. */
  stderr(text: string): void;
  /** Whether standard error is a terminal. */
  readonly isTty: boolean;
  /** One line for whoever waits, replaced by the next and wiped away by `undefined`; shown on a terminal only. */
  status(text: string | undefined): void;
  /** @throws {SettingsError} when the settings do not say how to reach StormBPMN */
  openStorm(): StormClient;
  /** What {@link pullDiagram} needs: StormBPMN, and the portal for linked checklists if one is set. @throws as `openStorm` */
  openPull(): OpenPull;
  /** @throws {SettingsError} when the settings do not say how to reach Camunda */
  openCamunda(): CamundaClient;
  /** With the settings' options, except for those given here. @throws as `openCamunda` */
  openDeployer(options?: Partial<DeployerOptions>): { readonly deployer: Deployer; readonly camunda: CamundaClient };
}

export interface OpenPull extends PullDeps, Disposable {
  readonly storm: StormClient;
}

/** Resolves with the exit code. May throw: what it threw is told on standard error, and decides the code. */
export type CommandWork = (context: CommandContext) => Promise<number>;

/** Called once, by the command that the command line names. */
export type Choose = (work: CommandWork) => void;

/** `listCommand`: what `exchanger-sync --help` lists and `exchanger-sync list --help` explains. */
export type CommandFactory = (choose: Choose) => Command;

/**
 * Something about what the person gave: told as it stands, one line, with exit code 1. For faults of a file, name the file
 * and the line or element.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
