import { NextRequest } from "next/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { proxy } from "./proxy.ts";

// NextRequest writes loopback addresses so.
const site = "http://localhost:3000";
const navigation = {
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "sec-fetch-site": "none",
};

describe("a request for a page", () => {
  const asked = vi.fn<typeof fetch>();
  beforeEach(() => {
    vi.stubGlobal("fetch", asked);
    vi.stubEnv("SUPABASE_URL", "http://127.0.0.1:1");
    vi.stubEnv("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_x");
    vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_x");
    vi.stubEnv("SIGNALBOX_SECRET", "x".repeat(32));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
    asked.mockReset();
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    proxy(new NextRequest(`${site}${path}`, { headers }));

  it.each([
    { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image", "sec-fetch-site": "cross-site" },
    { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script", "sec-fetch-site": "same-origin" },
    { ...navigation, "sec-fetch-site": "cross-site" },
    {},
  ])("without a cookie from within another costs no call: %j", async (headers) => {
    const response = await get("/runs/a?tab=logs", headers as Record<string, string>);
    expect(response.headers.get("location")).toBe(`${site}/sign-in?next=%2Fruns%2Fa%3Ftab%3Dlogs`);
    expect(asked).not.toHaveBeenCalled();
  });

  it("gets a policy of its own, by which only scripts with its nonce run", async () => {
    const policies = await Promise.all(
      ["/sign-in", "/sign-in/link"].map(async (path) => {
        const response = await get(path, { ...navigation, "x-nonce": "made-up" });
        const policy = response.headers.get("content-security-policy") ?? "";
        const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
        expect(scripts).not.toMatch(/unsafe|made-up|\*/);
        const nonce = /'nonce-([\w+/=]{24})'/.exec(scripts)?.[1];
        expect(response.headers.get("x-middleware-request-x-nonce")).toBe(nonce);
        expect(response.headers.get("x-middleware-request-content-security-policy")).toBe(policy);
        return policy;
      }),
    );
    expect(new Set(policies).size).toBe(2);
  });
});
