/**
 * Where to go after signing in: a path on this site, or `/runs`. Anything that a browser could read
 * as another site (`//host`, `/\host`, a scheme, control characters) is not followed.
 */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith("/")) return "/runs";
  const base = "http://signalbox.invalid";
  try {
    const url = new URL(next, base);
    const hidden = [...next].some((character) => character <= " " || character === "\\");
    if (hidden || url.origin !== base || next.startsWith("//")) return "/runs";
    if (url.pathname.startsWith("//") || /^\/(sign-in|api)(\/|$)/.test(url.pathname))
      return "/runs";
    return `${url.pathname}${url.search}${url.hash}`;
  } catch {
    return "/runs";
  }
}
