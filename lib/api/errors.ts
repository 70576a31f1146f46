import { errorReplySchema } from "@signalbox/protocol/wire/error";

interface ApiErrorFields {
  code: string;
  message: string;
  status: number;
  requestId?: string | undefined;
  details?: unknown;
  /** Seconds to wait, where the server said so. */
  retryAfter?: number | undefined;
}

/** A refusal by the server, in the contract's error shape. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly details: unknown;
  readonly retryAfter: number | undefined;

  constructor(fields: ApiErrorFields) {
    super(fields.message);
    this.code = fields.code;
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.details = fields.details;
    this.retryAfter = fields.retryAfter;
  }
}

/** Reads a failed response; a body that is not ours (a proxy's page) still gives a clear error. */
export async function readApiError(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get("retry-after")) || undefined;
  const header = response.headers.get("x-request-id") ?? undefined;
  const body: unknown = await response.json().catch(() => null);
  const parsed = errorReplySchema.safeParse(body);
  if (parsed.success) {
    const { code, message, request_id, details } = parsed.data.error;
    return new ApiError({
      code,
      message,
      status: response.status,
      requestId: request_id || header,
      details,
      retryAfter,
    });
  }
  return new ApiError({
    code: response.status >= 500 ? "internal" : "bad_request",
    message: `The server returned ${response.status} ${response.statusText}`.trim(),
    status: response.status,
    requestId: header,
    retryAfter,
  });
}

/** A failure in words fit for a page, with the request id where there is one. */
export function describeError(error: unknown): { message: string; requestId?: string } {
  if (error instanceof ApiError) {
    return error.requestId
      ? { message: error.message, requestId: error.requestId }
      : { message: error.message };
  }
  if (error instanceof Error) return { message: error.message };
  return { message: "Something unexpected went wrong." };
}

/**
 * The messages of `details` by field, whether it is a list of zod issues (`{path, message}`), of
 * `{field, message}`, or a record from field to message.
 */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const found: Record<string, string> = {};
  const add = (path: unknown, message: unknown) => {
    const name = Array.isArray(path) ? path.join(".") : path;
    if (typeof name === "string" && typeof message === "string" && name !== "") {
      found[name] ??= message;
    }
  };
  const details = error.details;
  const holder =
    typeof details === "object" && details !== null && !Array.isArray(details) ? details : null;
  const list =
    holder && "issues" in holder
      ? holder.issues
      : holder && "fields" in holder
        ? holder.fields
        : details;
  if (Array.isArray(list)) {
    for (const issue of list) {
      if (typeof issue !== "object" || issue === null) continue;
      const path = "path" in issue ? issue.path : "field" in issue ? issue.field : undefined;
      add(path, "message" in issue ? issue.message : undefined);
    }
  } else if (typeof list === "object" && list !== null) {
    for (const [name, message] of Object.entries(list)) {
      add(name, Array.isArray(message) ? message[0] : message);
    }
  }
  return found;
}
