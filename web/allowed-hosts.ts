const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** A test of `Host` headers. A page of another name that resolves to this machine gets nothing. */
export type HostCheck = (host: string | undefined) => boolean;

/**
 * Allows loopback names, the host of the public URL, the address that the server listens on, and
 * the names of a setting: comma-separated, `*` for any. Ports do not matter.
 */
export function hostCheck(settings: { url: string; listen: string; extra: string }): HostCheck {
  const names = settings.extra
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  if (names.includes("*")) return () => true;
  const wildcard = ["0.0.0.0", "::"].includes(settings.listen);
  const listen = settings.listen.includes(":") ? `[${settings.listen}]` : settings.listen;
  const allowed = new Set([
    new URL(settings.url).hostname.toLowerCase(),
    ...(wildcard ? [] : [listen.toLowerCase()]),
    ...names,
  ]);
  return (host) => {
    const name = hostName(host);
    return name !== null && (loopback.test(name) || allowed.has(name));
  };
}

/** The name without its port, in lower case; null for what is not a host. */
function hostName(host: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/@\\?#]+)(:\d{1,5})?$/i.exec(host ?? "");
  return match?.[1]?.toLowerCase().replace(/\.$/, "") ?? null;
}
