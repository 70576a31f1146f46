import type { ApiResponse } from "@signalbox/protocol/service/openapi";
import { type ErrorCode, errorStatus } from "@signalbox/protocol/wire/error";
import type { RouteDescription } from "../api-route";

/** What each error code means, for the API description. */
const meanings: Record<ErrorCode, string> = {
  bad_request: "The request is invalid; details.issues names the fields.",
  unauthorized: "The credential is missing or invalid.",
  forbidden: "The credential does not have the required scope or permission.",
  not_found: "The object does not exist, or belongs to another user.",
  method_not_allowed: "The route does not answer this method; Allow names those it does.",
  conflict:
    "The current state does not allow this, or a limit is reached; the message and details name which.",
  too_large: "The body or batch exceeds its limit.",
  misdirected: "The Host header names neither this machine nor a configured host.",
  unsupported: "The request is understood but not supported; the message says what is.",
  rate_limited: "Too many attempts, requests or open streams. Wait for Retry-After.",
  internal: "Internal server error; the server log has the request id.",
  backend_unavailable:
    "A required service is not responding, or the dashboard's disk is full. Wait for Retry-After and try again.",
};

/** `bad_request` → `BadRequest`, the response's name among the components. */
export function responseName(code: ErrorCode): string {
  return code.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The error codes of a route: those that follow from its scope, path and body, and its own. */
export function errorsOf(route: RouteDescription): ErrorCode[] {
  const codes = new Set<ErrorCode>(route.errors);
  if (route.params || route.query || route.body || route.idempotent) codes.add("bad_request");
  if (route.scope !== "public") codes.add("unauthorized").add("forbidden").add("rate_limited");
  if (route.params) codes.add("not_found");
  if (route.body) codes.add("too_large").add("unsupported");
  if (route.needsDiskSpace) codes.add("backend_unavailable");
  codes.add("internal");
  return [...codes].sort((a, b) => errorStatus[a] - errorStatus[b]);
}

/** The responses of all error codes, as components. */
export function errorResponses(): Record<string, ApiResponse> {
  return Object.fromEntries(
    Object.entries(meanings).map(([name, meaning]) => {
      const code = name as ErrorCode;
      const hasRetryAfter = code === "rate_limited" || code === "backend_unavailable";
      return [
        responseName(code),
        {
          description: `\`${code}\`: ${meaning}`,
          headers: {
            "X-Request-Id": { $ref: "#/components/headers/RequestId" },
            ...(hasRetryAfter && { "Retry-After": { $ref: "#/components/headers/RetryAfter" } }),
          },
          content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
        },
      ];
    }),
  );
}
