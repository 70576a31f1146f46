/** What the program's exit code says; `--help` tells the same. */
export const exitCodes = {
  success: 0,
  /** The run failed, or the command could not be carried out. */
  failure: 1,
  /** Arguments, a configuration file or settings that are wrong. */
  usage: 2,
  /** The run was cancelled. */
  cancelled: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** A failure told as one line, without a stack. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failure) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What was typed cannot be meant. */
export function usageError(message: string): CliError {
  return new CliError(message, exitCodes.usage);
}

/** The person, or the system, asked the program to end. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("interrupted");
    this.exitCode = exitCode;
  }
}
