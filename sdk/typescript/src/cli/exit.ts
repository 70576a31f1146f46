/** The program's exit codes, as `--help` lists them. */
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

/** A failure that is printed as one line, without a stack. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failure) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Invalid arguments, configuration or settings. */
export function usageError(message: string): CliError {
  return new CliError(message, exitCodes.usage);
}

/** A person or the system asked the program to end. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("interrupted");
    this.exitCode = exitCode;
  }
}
