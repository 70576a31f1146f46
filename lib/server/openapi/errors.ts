import { type ErrorCode, errorStatus } from "@signalbox/protocol/error";
import type { ApiResponse } from "@signalbox/protocol/openapi";
import type { RouteDescription } from "../api-route";

/** What each error code means, for the API description. */
const meanings: Record<ErrorCode, string> = {
  bad_request: "The request is not right; details.issues names the fields.",
  unauthorized: "No credential, or not a good one.",
  forbidden: "The credential lacks the scope, or may not do this.",
  not_found: "There is no such thing, or it is somebody else's.",
  conflict: "The state forbids it; the message and details name the state.",
  too_large: "The body, or the batch, is larger than its limit.",
  unsupported: "Understood, but cannot be done; the message says what can.",
  rate_limited: "Too many attempts: wait for Retry-After.",
  internal: "Something went wrong on the server; its log has the request id.",
  backend_unavailable: "What must answer does not: wait for Retry-After and try again.",
};

/** `bad_request` → `BadRequest`, the response's name among the components. */
export function responseName(code: ErrorCode): string {
  return code.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** How a route may fail: what its scope, path and body bring, and what it names itself. */
export function errorsOf(route: RouteDescription): ErrorCode[] {
  const codes = new Set<ErrorCode>(route.errors);
  if (route.params || route.query || route.body || route.idempotent) codes.add("bad_request");
  if (route.scope !== "public") codes.add("unauthorized").add("forbidden");
  if (route.params) codes.add("not_found");
  if (route.body) codes.add("too_large").add("unsupported");
  codes.add("internal");
  return [...codes].sort((a, b) => errorStatus[a] - errorStatus[b]);
}

/** The responses of all error codes, as components. */
export function errorResponses(): Record<string, ApiResponse> {
  return Object.fromEntries(
    Object.entries(meanings).map(([name, meaning]) => {
      const code = name as ErrorCode;
      const waits = code === "rate_limited" || code === "backend_unavailable";
      return [
        responseName(code),
        {
          description: `\`${code}\`: ${meaning}`,
          headers: {
            "X-Request-Id": { $ref: "#/components/headers/RequestId" },
            ...(waits && { "Retry-After": { $ref: "#/components/headers/RetryAfter" } }),
          },
          content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
        },
      ];
    }),
  );
}
