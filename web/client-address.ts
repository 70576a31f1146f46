import type { IncomingMessage } from "node:http";

/**
 * The address that a request comes from: its connection's, or what the trusted proxies in front say.
 * Each of them appends the address of its own client, so anything further left may be made up.
 * @param proxies how many stand in front; 0 ignores the header
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const header = request.headers["x-forwarded-for"] ?? "";
  const forwarded = (Array.isArray(header) ? header.join(",") : header)
    .split(",")
    .map((address) => address.trim())
    .filter(Boolean);
  const told = proxies > 0 ? forwarded.slice(-proxies)[0] : undefined;
  return network(told ?? request.socket.remoteAddress ?? "unknown");
}

/** An IPv6 client has a whole /64 to choose addresses from. */
function network(address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/i.exec(address)?.[1];
  if (v4) return v4;
  if (!address.includes(":")) return address.slice(0, 64);
  const [head = "", tail] = address
    .replace(/^\[|\].*$|%.*$/g, "")
    .toLowerCase()
    .split("::");
  const groups = head.split(":").filter(Boolean);
  if (tail !== undefined) {
    const rest = tail.split(":").filter(Boolean);
    while (groups.length + rest.length < 8) groups.push("0");
    groups.push(...rest);
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").slice(0, 4))
    .join(":")}::/64`;
}
