import { AppError } from "../errors";

/**
 * Rejects a write that a browser sends with its cookie from another site's page.
 * @throws AppError forbidden
 */
export function requireSameOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin") return;
  const origin = request.headers.get("origin");
  const host = request.headers.get("host");
  if (site === null && origin !== null && host !== null && URL.parse(origin)?.host === host) return;
  throw new AppError("forbidden", "Cross-site requests are not allowed.");
}
