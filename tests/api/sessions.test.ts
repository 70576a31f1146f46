import { createServerClient } from "@supabase/ssr";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { expectRefusal, startApi, type TestApi } from "./kit.ts";
import { methodOf, routeCases } from "./routes-table.ts";

/** The cookies that a route sets; Next stores them outside of the handler. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock("next/headers", () => ({
  cookies: async () => ({
    set: (name: string, value: string) => jar.set(name, value),
    delete: (name: string) => jar.delete(name),
  }),
}));

const sameOrigin = { "sec-fetch-site": "same-origin" };
const password = "correct horse battery";

describe("browser sessions", () => {
  let api: TestApi;
  let a: TestUser;
  let cookie: string;

  beforeAll(async () => {
    api = await startApi();
    a = await api.signUp("a");
    vi.stubEnv("SIGNALBOX_OWNER_EMAIL", a.email);
    vi.stubEnv("SIGNALBOX_OWNER_PASSWORD", password);
    await api.attach(a, "job-of-a");
    const { sessionCookieName } = await import("../../lib/server/auth/session.ts");
    const cookies = new Map<string, string>();
    const client = createServerClient(api.supabase.url, api.supabase.publishableKey, {
      cookieOptions: { name: sessionCookieName() },
      cookies: {
        getAll: () => [...cookies].map(([name, value]) => ({ name, value })),
        setAll: (list) => {
          for (const { name, value } of list) cookies.set(name, value);
        },
      },
    });
    const { error } = await client.auth.signInWithPassword({ email: a.email, password });
    expect(error).toBeNull();
    cookie = cookieHeader(cookies);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await api.close();
  });
  beforeEach(() => jar.clear());

  const cookieHeader = (cookies: Map<string, string>) =>
    [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

  it("reads with its cookie, from any site", async () => {
    const reply = await api.call("GET", "/api/training/jobs", { cookie });
    expect(reply).toMatchObject({ status: 200, body: { total: 1 } });
    const session = await api.call("GET", "/api/auth/session", { cookie });
    expect(session.body).toMatchObject({ user: { id: a.userId, email: a.email } });
  });

  const writes = routeCases.filter(
    (entry) => methodOf(entry) !== "GET" && entry.scope !== "public",
  );

  it.each(writes.map((entry) => [entry.route, entry] as const))(
    "%s takes a cookie from the dashboard's own pages only",
    async (_route, entry) => {
      const id = entry.names === "job" ? "job-of-a" : crypto.randomUUID();
      const send = (headers: Record<string, string>) =>
        api.call(methodOf(entry), entry.path(id), { cookie, headers, json: entry.json?.(id) });
      const foreign: Record<string, string>[] = [
        {},
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "none" },
        { origin: "http://evil.example", host: "127.0.0.1:3000" },
        { origin: "null", host: "127.0.0.1:3000" },
        { origin: "http://127.0.0.1:3001", host: "127.0.0.1:3000" },
        { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000", "sec-fetch-site": "cross-site" },
      ];
      for (const headers of foreign) expectRefusal(await send(headers), 403);
      if (entry.route.startsWith("DELETE")) return;
      const own = await send(sameOrigin);
      expect(own.status, own.text).not.toBe(403);
    },
  );

  it("is no credential for the commands of a trainer, whose reading delivers them", async () => {
    const path = "/api/training/local/job-of-a/commands/next";
    expectRefusal(await api.call("GET", path, { cookie, headers: sameOrigin }), 401);
    expectRefusal(await api.call("GET", path, { headers: sameOrigin }), 401);
    expect((await api.call("GET", path, { key: await api.makeKey(a) })).status).toBe(200);
    expect((await api.call("GET", path, { bearer: a.accessToken })).status).toBe(200);
  });

  it("accepts a write by its Origin if the browser sends no Sec-Fetch-Site", async () => {
    const reply = await api.call("PUT", "/api/training/job-of-a", {
      cookie,
      headers: { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" },
      json: { notes: "by origin" },
    });
    expect(reply).toMatchObject({ status: 200, body: { notes: "by origin" } });
  });

  it.each([
    "base64-e30",
    "base64-%%%",
    "%E0%A4%A",
    "base64-eyJhY2Nlc3NfdG9rZW4iOiJ4In0",
    "[]",
    `base64-${"A".repeat(8000)}`,
    "\u00ff",
  ])("answers a broken cookie like none", async (value) => {
    // The cookie library logs a warning each time.
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { sessionCookieName } = await import("../../lib/server/auth/session.ts");
    const broken = `${sessionCookieName()}=${value}; x; =; ;`;
    expectRefusal(await api.call("GET", "/api/training/jobs", { cookie: broken }), 401);
    const session = await api.call("GET", "/api/auth/session", { cookie: broken });
    expect(session).toMatchObject({ status: 200, body: { user: null } });
    warn.mockRestore();
  });

  it("signs up, out and in again", async () => {
    const credentials = { email: "new@example.com", password };
    const send = (action: string, json?: unknown, held = "") =>
      api.call("POST", `/api/auth/${action}`, { headers: sameOrigin, json, cookie: held });
    const up = await send("sign-up", credentials);
    expect(up).toMatchObject({ status: 200, body: { ok: true, confirmation_required: false } });
    const held = cookieHeader(jar);
    expect(await api.call("GET", "/api/training/jobs", { cookie: held })).toMatchObject({
      status: 200,
      body: { total: 0 },
    });
    expect((await send("sign-out", undefined, held)).status).toBe(200);
    jar.clear();
    expect((await send("sign-in", credentials)).body).toEqual({ ok: true });
    expect(
      (await api.call("GET", "/api/training/jobs", { cookie: cookieHeader(jar) })).status,
    ).toBe(200);
    expectRefusal(await send("sign-up", credentials), 409);
    expectRefusal(await send("sign-in", { ...credentials, password: "wrong" }), 401);
    expectRefusal(await send("sign-in", { ...credentials, email: "nobody@example.com" }), 401);
  });

  it.each(["sign-up", "sign-in", "sign-out"])("rejects /%s from another site", async (action) => {
    const reply = await api.call("POST", `/api/auth/${action}`, {
      headers: { "sec-fetch-site": "cross-site" },
      json: { email: "x@example.com", password },
    });
    expectRefusal(reply, 403);
    expect(jar.size).toBe(0);
  });

  it.each([
    {},
    { email: "x@example.com" },
    { email: "no address", password },
    { email: "x@example.com", password: 12345678 },
    { email: ["x@example.com"], password },
    { email: "x@example.com", password, admin: true },
    { email: "x@example.com", password: "x".repeat(2000) },
    { email: `${"x".repeat(400)}@example.com`, password },
  ])("refuses credentials that are none: %j", async (json) => {
    for (const action of ["sign-up", "sign-in"]) {
      expectRefusal(
        await api.call("POST", `/api/auth/${action}`, { headers: sameOrigin, json }),
        400,
      );
    }
  });

  it("answers hostile credentials like wrong ones", async () => {
    for (const hostile of [
      "\0\0\0\0\0\0\0\0",
      "\ud800xxxxxxx",
      "'; drop table x; --",
      "💥💥💥💥",
    ]) {
      const json = { email: a.email, password: hostile };
      expectRefusal(
        await api.call("POST", "/api/auth/sign-in", { headers: sameOrigin, json }),
        401,
      );
    }
  });
});
