import type { ErrorCode } from "@signalbox/protocol/wire/error";
import type { HostCheck } from "./allowed-hosts.ts";
import { type ApiMethods, allowedMethods } from "./api-methods.ts";

export interface Refusal {
  code: ErrorCode;
  message: string;
  headers?: Record<string, string>;
}

interface RequestLine {
  method: string;
  /** Path and query, as sent. */
  url: string;
  host: string | undefined;
}

const pageMethods = ["GET", "HEAD"];

/** What this server refuses before Next sees it, which would answer 500 or without the reason. */
export function refusal(
  { method, url, host }: RequestLine,
  { isAllowedHost, routes }: { isAllowedHost: HostCheck; routes: ApiMethods },
): Refusal | null {
  if (!isAllowedHost(host)) {
    return {
      code: "misdirected",
      message: `This dashboard does not answer to the host name “${(host ?? "").slice(0, 100)}”. Open it by the address that it printed when it started, or add the name to SIGNALBOX_ALLOWED_HOSTS.`,
    };
  }
  const pathname = decodedPath(url);
  if (pathname === null) {
    return { code: "bad_request", message: "The path has a malformed percent-escape." };
  }
  const methods = isApiPath(url) ? allowedMethods(routes, pathname) : pageMethods;
  // An unknown API path is Next's to answer, but it has no route for unusual methods.
  const allowed = methods ?? ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
  if (allowed.includes(method)) return null;
  return {
    code: "method_not_allowed",
    message: `${method} is not allowed here. Allowed: ${allowed.join(", ")}.`,
    headers: { Allow: allowed.join(", ") },
  };
}

export function isApiPath(url: string): boolean {
  return url === "/api" || url.startsWith("/api/") || url.startsWith("/api?");
}

/** The path with its escapes decoded, segment by segment; null if one is malformed. */
function decodedPath(url: string): string | null {
  const path = url.replace(/[?#].*$/s, "");
  try {
    return (
      path
        .split("/")
        // A decoded slash stays part of its segment.
        .map((segment) => decodeURIComponent(segment).replaceAll("/", "%2F"))
        .join("/")
    );
  } catch {
    return null;
  }
}
