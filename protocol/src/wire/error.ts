import { z } from "zod";

/** Every error code with the HTTP status it travels as. */
export const errorStatus = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  misdirected: 421,
  unsupported: 422,
  rate_limited: 429,
  internal: 500,
  backend_unavailable: 503,
} as const;
export type ErrorCode = keyof typeof errorStatus;

export const errorReplySchema = z.object({
  error: z.object({
    code: z.string().meta({ examples: Object.keys(errorStatus) }),
    message: z.string(),
    request_id: z.string().describe("Also in the header X-Request-Id; the server logs it."),
    details: z.unknown().optional(),
  }),
});
