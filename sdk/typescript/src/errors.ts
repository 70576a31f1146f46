export interface SignalboxErrorFields {
  code: string;
  message: string;
  /** HTTP status; null where no answer came. */
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
  /** Names the request in the server's log; null where the server was not reached. */
  readonly requestId: string | null;
  readonly details: unknown;
  /** How long the server asked to wait; 0 where it did not say. */
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

/** 400: the request is wrong; `details.issues` names the fields. */
export class BadRequestError extends SignalboxError {
  override name = "BadRequestError";
}
/** 401: no credential, or one that is wrong, expired or revoked. */
export class UnauthorizedError extends SignalboxError {
  override name = "UnauthorizedError";
}
/** 403: a good credential without the scope that this needs. */
export class ForbiddenError extends SignalboxError {
  override name = "ForbiddenError";
}
/** 404: there is no such thing, or it is somebody else's. */
export class NotFoundError extends SignalboxError {
  override name = "NotFoundError";
}
/** 409: the state forbids it; `details.status` names the state where it is a job's. */
export class ConflictError extends SignalboxError {
  override name = "ConflictError";
}
/** 413: more than one request may carry. */
export class TooLargeError extends SignalboxError {
  override name = "TooLargeError";
}
/** 422: understood, but not possible here, such as a parameter that the trainer does not take. */
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
/** No answer in time. */
export class TimeoutError extends SignalboxError {
  override name = "TimeoutError";
}
/** A wait for the end of a run took longer than it was allowed to. */
export class StreamTimeoutError extends TimeoutError {
  override name = "StreamTimeoutError";
  /** The run's status when the time was up; null where none was heard. */
  readonly lastStatus: string | null;

  constructor(jobId: string, seconds: number, lastStatus: string | null) {
    super({
      code: "stream_timeout",
      message: `${jobId} did not end within ${seconds} s; last status: ${lastStatus ?? "unknown"}.`,
    });
    this.lastStatus = lastStatus;
  }
}
/** An answer that is not Signalbox's: a proxy's page, a redirect, another program on that port. */
export class UnexpectedReplyError extends SignalboxError {
  override name = "UnexpectedReplyError";
}
/** A setting that is missing or wrong, told before anything is sent. */
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
