import { type ErrorCode, errorStatus } from "@signalbox/protocol/error";

/**
 * A failure that a client may know of: its code decides the HTTP status, its message is shown.
 * Anything else that is thrown answers as `internal`, its text kept on the server.
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

/** What every missing job answers, and every job of somebody else. */
export function jobNotFound(): AppError {
  return new AppError("not_found", "There is no such job.");
}
