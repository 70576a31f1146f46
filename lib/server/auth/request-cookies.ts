import { parseCookieHeader } from "@supabase/ssr";

/** The cookies of a request as name and value. */
export function cookiesOf(request: Request): { name: string; value: string }[] {
  const header = request.headers.get("cookie");
  if (!header) return [];
  return parseCookieHeader(header).map(({ name, value }) => ({ name, value: value ?? "" }));
}
