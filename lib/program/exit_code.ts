/** What a program's end tells systemd, scripts and people; the numbers are part of the public contract. */

export const exitCode = {
  ok: 0,
  /** Something went wrong that is none of the following, or work in hand was cut off. */
  failure: 1,
  /** The command line was not understood. */
  usage: 2,
  settings: 3,
  /** Something the program needs is down or refuses us. */
  dependency: 4,
} as const;

/** Thrown by a program that cannot go on without something outside it; ends the process with exit code 4. */
export class DependencyDownError extends Error {
  override readonly name = "DependencyDownError";
}
