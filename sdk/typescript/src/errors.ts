export interface SignalboxErrorFields {
  code: string;
  message: string;
  /** HTTP status; null if no response arrived. */
  status?: number | null;
  requestId?: string | null;
  details?: unknown;
  retryAfterMs?: number;
  cause?: unknown;
}

/** Every failure of this package. `code` is the server's, or one of the subclasses' own. */
export class SignalboxError extends Error {
  override name = "SignalboxError";
  readonly code: string;
  readonly status: number | null;
  /** The request's id in the server's log; null if the server was not reached. */
  readonly requestId: string | null;
  readonly details: unknown;
  /** How long the server asked to wait; 0 if it did not say. */
  readonly retryAfterMs: number;

  constructor(fields: SignalboxErrorFields) {
    super(fields.message, { cause: fields.cause });
    this.code = fields.code;
    this.status = fields.status ?? null;
    this.requestId = fields.requestId ?? null;
    this.details = fields.details;
    this.retryAfterMs = fields.retryAfterMs ?? 0;
  }
}

/** 400: the request is invalid; `details.issues` names the fields. */
export class BadRequestError extends SignalboxError {
  override name = "BadRequestError";
}
/** 401: no credential, or an invalid, expired or revoked one. */
export class UnauthorizedError extends SignalboxError {
  override name = "UnauthorizedError";
}
/** 403: a valid credential without the required scope. */
export class ForbiddenError extends SignalboxError {
  override name = "ForbiddenError";
}
/** 404: it does not exist, or belongs to another user. */
export class NotFoundError extends SignalboxError {
  override name = "NotFoundError";
}
/** 409: the state forbids it; `details.status` is a job's state. */
export class ConflictError extends SignalboxError {
  override name = "ConflictError";
}
/** 413: the request is too large. */
export class TooLargeError extends SignalboxError {
  override name = "TooLargeError";
}
/** 422: valid, but not supported here, such as a parameter that is not live. */
export class UnsupportedError extends SignalboxError {
  override name = "UnsupportedError";
}
/** 429, after all retries. */
export class RateLimitedError extends SignalboxError {
  override name = "RateLimitedError";
}
/** 5xx, after all retries. */
export class ServerError extends SignalboxError {
  override name = "ServerError";
}
/** The server cannot be reached, or the connection broke. */
export class ConnectionError extends SignalboxError {
  override name = "ConnectionError";
}
/** No response in time. */
export class TimeoutError extends SignalboxError {
  override name = "TimeoutError";
}
/** A run did not end within the given time. */
export class StreamTimeoutError extends TimeoutError {
  override name = "StreamTimeoutError";
  /** The run's last known status; null if none was received. */
  readonly lastStatus: string | null;

  constructor(jobId: string, seconds: number, lastStatus: string | null) {
    super({
      code: "stream_timeout",
      message: `${jobId} did not end within ${seconds} s; last status: ${lastStatus ?? "unknown"}.`,
    });
    this.lastStatus = lastStatus;
  }
}
/** A response that is not Signalbox's: a proxy's page, a redirect, another program on that port. */
export class UnexpectedReplyError extends SignalboxError {
  override name = "UnexpectedReplyError";
}
/** A missing or invalid setting; nothing was sent. */
export class SettingsError extends SignalboxError {
  override name = "SettingsError";

  constructor(message: string, cause?: unknown) {
    super({ code: "settings", message, cause });
  }
}

const byStatus = new Map<number, new (fields: SignalboxErrorFields) => SignalboxError>([
  [400, BadRequestError],
  [401, UnauthorizedError],
  [403, ForbiddenError],
  [404, NotFoundError],
  [409, ConflictError],
  [413, TooLargeError],
  [422, UnsupportedError],
  [429, RateLimitedError],
]);

/** The error class of an HTTP status, filled. */
export function errorOfStatus(
  status: number,
  fields: Omit<SignalboxErrorFields, "status">,
): SignalboxError {
  const Kind = byStatus.get(status) ?? (status >= 500 ? ServerError : SignalboxError);
  return new Kind({ ...fields, status });
}
