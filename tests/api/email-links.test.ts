import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type FakeAuth, startFakeAuth } from "./fake-auth.ts";
import { comparable, expectRefusal, startApi, type TestApi } from "./kit.ts";

/** The cookies that a route sets; Next stores them outside of the handler. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock("next/headers", () => ({
  cookies: async () => ({
    set: (name: string, value: string) => (value ? jar.set(name, value) : jar.delete(name)),
    delete: (name: string) => jar.delete(name),
  }),
}));

const headers = { "sec-fetch-site": "same-origin" };
const password = "correct horse battery";

describe("the links of e-mails", () => {
  let api: TestApi;
  let auth: FakeAuth;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    jar.clear();
    auth = await startFakeAuth();
    pointTo(auth.url);
    return async () => {
      pointTo(api.supabase.url);
      vi.unstubAllEnvs();
      await auth.close();
    };
  });

  /** Simulates a new process, with another Supabase. */
  function pointTo(url: string) {
    process.env.SUPABASE_URL = url;
    const host = globalThis as { [key: symbol]: Map<string, unknown> | undefined };
    host[Symbol.for("signalbox.singletons")]?.clear();
  }

  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const post = (action: string, json: unknown) =>
    api.call("POST", `/api/auth/${action}`, { headers, json, cookie: cookie() });
  const signedIn = () => [...jar.keys()].some((name) => /^signalbox-[0-9a-f]{8}(\.0)?$/.test(name));
  const sent = (path: string) => auth.requests.filter((request) => request.path === path);

  it("offer to reset a password, and set the new one in the browser that asked", async () => {
    expect((await post("password-reset", { email: "ada@example.com" })).body).toEqual({ ok: true });
    expect(sent("/auth/v1/recover")).toMatchObject([
      {
        redirectTo: "http://127.0.0.1:3000/sign-in/new-password",
        body: { email: "ada@example.com", code_challenge: expect.any(String) },
      },
    ]);
    expect(signedIn()).toBe(false);
    expectRefusal(await post("new-password", { code: "good", password: "short" }), 400);
    expect(sent("/auth/v1/token")).toEqual([]);
    expect((await post("new-password", { code: "good", password })).body).toEqual({ ok: true });
    expect(sent("/auth/v1/user")).toMatchObject([{ body: { password } }]);
    expect(signedIn()).toBe(true);
    expectRefusal(await post("new-password", { code: "good", password }), 401);
  });

  it("don't tell whether an address has an account", async () => {
    const known = await post("password-reset", { email: "ada@example.com" });
    auth.override = () => ({ status: 404, body: { code: "user_not_found", message: "no user" } });
    const unknown = await post("password-reset", { email: "bob@example.com" });
    expect(comparable(unknown)).toEqual(comparable(known));
  });

  it("confirm an address, lead back and sign in", async () => {
    const signedUp = await post("sign-up", { email: "ada@example.com", password });
    expect(signedUp.body).toEqual({ ok: true, confirmation_required: true });
    expect(sent("/auth/v1/signup")).toMatchObject([
      { redirectTo: "http://127.0.0.1:3000/sign-in/confirmed" },
    ]);
    expect((await post("confirmation", { code: "good" })).body).toEqual({ ok: true });
    expect(signedIn()).toBe(true);
  });

  it("sign in nobody in another browser, by a used code or by none", async () => {
    expectRefusal(await post("new-password", { code: "good", password }), 401);
    expectRefusal(await post("confirmation", { code: "good" }), 401);
    await post("password-reset", { email: "ada@example.com" });
    expectRefusal(await post("new-password", { code: "bad", password }), 401);
    expectRefusal(await post("new-password", { code: "", password }), 400);
    expectRefusal(await post("new-password", { password }), 400);
    expect(signedIn()).toBe(false);
    expect(sent("/auth/v1/user")).toEqual([]);
  });

  it("leave nobody signed in whose new password is refused", async () => {
    auth.override = ({ path }) =>
      path === "/auth/v1/user"
        ? { status: 422, body: { code: "same_password", message: "the same" } }
        : undefined;
    await post("password-reset", { email: "ada@example.com" });
    const refused = await post("new-password", { code: "good", password });
    expectRefusal(refused, 400);
    expect(refused.text).toContain("your password already");
    expect(signedIn()).toBe(false);
  });

  it("pass on that Supabase Auth is busy or down", async () => {
    auth.override = () => ({ status: 429, body: { code: "over_email_send_rate_limit" } });
    const busy = await post("password-reset", { email: "ada@example.com" });
    expectRefusal(busy, 429);
    expect(busy.headers.get("retry-after")).toBe("60");
    auth.override = () => ({ status: 503, body: "" });
    expectRefusal(await post("password-reset", { email: "ada@example.com" }), 503);
  });

  it("are not offered on the embedded Supabase: its owner is told how to get in", async () => {
    vi.stubEnv("SIGNALBOX_OWNER_EMAIL", "owner@signalbox.local");
    pointTo(auth.url);
    for (const [action, json] of [
      ["password-reset", { email: "ada@example.com" }],
      ["new-password", { code: "good", password }],
      ["confirmation", { code: "good" }],
    ] as const) {
      const refused = await post(action, json);
      expectRefusal(refused, 403);
      expect(refused.text).toContain("npx signalbox open");
    }
    expect(auth.requests).toEqual([]);
  });
});
