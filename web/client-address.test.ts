import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
    socket: { remoteAddress },
  }) as unknown as IncomingMessage;

describe("the address of a client", () => {
  it("is its connection's, whatever its headers say", () => {
    expect(clientAddress(request("192.0.2.7", "10.0.0.1"), 0)).toBe("192.0.2.7");
  });

  it("is what the outermost of the trusted proxies saw, not what the client put before", () => {
    const made = "1.1.1.1, 203.0.113.5, 198.51.100.2";
    expect(clientAddress(request("127.0.0.1", made), 1)).toBe("198.51.100.2");
    expect(clientAddress(request("127.0.0.1", made), 2)).toBe("203.0.113.5");
  });

  it("is the connection's where a trusted proxy says nothing", () => {
    expect(clientAddress(request("192.0.2.7"), 1)).toBe("192.0.2.7");
  });

  it.each([
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:0:1:a:b:c:d", "2001:db8:0:1::/64"],
    ["2001:0db8:0000:0001::9", "2001:db8:0:1::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("counts %s as %s", (address, network) => {
    expect(clientAddress(request(address), 0)).toBe(network);
  });
});
