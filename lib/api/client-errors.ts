import {
  type ClientErrorBody,
  clientErrorLimits,
  clientErrorReplySchema,
} from "@signalbox/protocol/service/client-error";
import { apiFetch } from "./client.ts";

/** What a page reports at most; an error that repeats tells nothing new. */
const maxReports = 10;
const reported = new Set<string>();

/** Reports an error of this page once. Never throws: there is nobody left to tell. */
export function reportClientError(
  kind: ClientErrorBody["kind"],
  error: unknown,
  source?: string,
): void {
  const message = textOf(error).slice(0, clientErrorLimits.message);
  const key = `${kind} ${message}`;
  // Browsers report this where an observer needs another frame: nothing is wrong.
  if (message.startsWith("ResizeObserver loop") || location.pathname.startsWith("/sign-in")) return;
  if (reported.has(key) || reported.size >= maxReports) return;
  reported.add(key);
  apiFetch("/api/client-errors", {
    schema: clientErrorReplySchema,
    method: "POST",
    body: {
      kind,
      message,
      ...(source && { source: source.slice(0, clientErrorLimits.source) }),
      page: location.pathname.slice(0, clientErrorLimits.page),
    } satisfies ClientErrorBody,
  }).catch(() => {});
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
