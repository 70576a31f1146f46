import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { expectRefusal, startApi, type TestApi } from "./kit.ts";

/** The cookies that a route sets; Next stores them outside of the handler. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock("next/headers", () => ({
  cookies: async () => ({
    set: (name: string, value: string) => jar.set(name, value),
    delete: (name: string) => jar.delete(name),
  }),
}));

const sameOrigin = { "sec-fetch-site": "same-origin" };

describe("one-time sign-in links", () => {
  let api: TestApi;
  let owner: TestUser;
  let ownerKey: string;

  beforeAll(async () => {
    api = await startApi();
    owner = await api.signUp("owner");
    vi.stubEnv("SIGNALBOX_OWNER_EMAIL", owner.email);
    vi.stubEnv("SIGNALBOX_OWNER_PASSWORD", "correct horse battery");
    ownerKey = await api.makeKey(owner, ["read", "admin"]);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await api.close();
  });
  beforeEach(() => jar.clear());

  async function newLink(json: unknown = {}): Promise<{ token: string; expires: number }> {
    const reply = await api.call("POST", "/api/auth/links", { key: ownerKey, json });
    expect(reply.status, reply.text).toBe(201);
    const { url, expires_at } = reply.body as { url: string; expires_at: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:3000\/sign-in\/link#[0-9A-Za-z]{40}$/);
    return { token: url.split("#")[1] ?? "", expires: Date.parse(expires_at) };
  }
  const use = (token: unknown, headers: Record<string, string> = sameOrigin) =>
    api.call("POST", "/api/auth/links/use", { headers, json: { token } });

  it("sign a browser in as the owner, once", async () => {
    const { token } = await newLink();
    expect((await use(token)).body).toEqual({ ok: true });
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const session = await api.call("GET", "/api/auth/session", { cookie });
    expect(session.body).toMatchObject({
      user: { email: owner.email },
      local_owner: true,
      sign_in_link: true,
      password_reset: false,
    });
    jar.clear();
    expectRefusal(await use(token), 401);
    expect(jar.size).toBe(0);
  });

  it("sign in one of many browsers that open the same link at once", async () => {
    const { token } = await newLink();
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await use(token)).status),
    );
    expect(statuses.toSorted()).toEqual([200, ...Array(7).fill(401)]);
  });

  it("expire, after ten minutes unless asked otherwise", async () => {
    const inSeconds = ({ expires }: { expires: number }) => (expires - Date.now()) / 1000;
    expect(inSeconds(await newLink())).toBeCloseTo(600, -2);
    const short = await newLink({ expires_in_s: 10 });
    const { serverSupabase } = await import("../../lib/server/supabase.ts");
    const past = new Date(Date.now() - 1000).toISOString();
    const { error } = await serverSupabase()
      .from("sign_in_links")
      .update({ expires_at: past })
      .gte("expires_at", past);
    expect(error).toBeNull();
    expectRefusal(await use(short.token), 401);
  });

  it("are made by the owner alone, with the scope admin", async () => {
    const other = await api.signUp("other");
    const create = (key: string) => api.call("POST", "/api/auth/links", { key, json: {} });
    expectRefusal(await create(await api.makeKey(other)), 403);
    expectRefusal(await create(await api.makeKey(owner, ["read", "ingest", "control"])), 403);
  });

  it("are refused from another site's page, and if they are none", async () => {
    const { token } = await newLink();
    expectRefusal(await use(token, { "sec-fetch-site": "cross-site" }), 403);
    expectRefusal(await use("x"), 400);
    expectRefusal(await use("A".repeat(40)), 401);
    expect((await use(token)).status).toBe(200);
  });

  it("are not stored as they are", async () => {
    const { token } = await newLink();
    const { serverSupabase } = await import("../../lib/server/supabase.ts");
    const { data } = await serverSupabase().from("sign_in_links").select("*");
    expect(JSON.stringify(data)).not.toContain(token);
    expect(data?.length).toBeGreaterThan(0);
  });

  it("are not what a program without a connection is signed in by", async () => {
    expectRefusal(await api.call("POST", "/api/auth/local-owner", { headers: sameOrigin }), 403);
  });
});
