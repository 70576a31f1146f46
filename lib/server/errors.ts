import { type ErrorCode, errorStatus } from "@signalbox/protocol/wire/error";

/**
 * An expected failure. Its code decides the HTTP status, its message is shown to people. Any other
 * error becomes `internal`, and its text stays on the server.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  readonly headers: Record<string, string>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: unknown; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** The error for a missing job, and for another user's job. */
export function jobNotFound(): AppError {
  return new AppError("not_found", "Job not found.");
}
