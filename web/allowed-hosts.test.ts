import { describe, expect, it } from "vitest";
import { hostCheck } from "./allowed-hosts.ts";

const local = hostCheck({ url: "http://127.0.0.1:3000", listen: "127.0.0.1", extra: "" });
const hosted = hostCheck({
  url: "https://runs.example.com",
  listen: "0.0.0.0",
  extra: " lab-7 , 10.0.0.4",
});

describe("the hosts that a dashboard answers to", () => {
  it.each(["127.0.0.1:3000", "127.0.0.1", "localhost:9", "LOCALHOST", "localhost.", "[::1]:3000"])(
    "include the loopback name %s",
    (host) => {
      expect(local(host)).toBe(true);
    },
  );

  it.each([
    "evil.example",
    "127.0.0.1.evil.example:3000",
    "localhost.evil.example",
    "evil.example#@localhost",
    "user@localhost",
    "localhost:3000:1",
    "",
    undefined,
  ])("do not include %s", (host) => {
    expect(local(host)).toBe(false);
  });

  it("include the public URL's, whatever its port, and those of the setting", () => {
    expect(
      ["runs.example.com", "Runs.Example.com:8443", "lab-7:3000", "10.0.0.4"].map(hosted),
    ).toEqual([true, true, true, true]);
    expect(["example.com", "lab-70", "0.0.0.0", "10.0.0.5:3000"].map(hosted)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("include the address that the server listens on, unless that is every address", () => {
    const settings = { url: "http://127.0.0.1:3000", extra: "" };
    expect(hostCheck({ ...settings, listen: "192.168.1.5" })("192.168.1.5:3000")).toBe(true);
    expect(hostCheck({ ...settings, listen: "fe80::1" })("[fe80::1]:3000")).toBe(true);
    expect(hostCheck({ ...settings, listen: "0.0.0.0" })("192.168.1.5:3000")).toBe(false);
  });

  it("are all with a star", () => {
    const any = hostCheck({ url: "http://127.0.0.1:3000", listen: "0.0.0.0", extra: "*" });
    expect(any("evil.example")).toBe(true);
  });
});
