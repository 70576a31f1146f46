import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { connections } from "../../web/connection.ts";
import { expectRefusal, startApi, type TestApi } from "./kit.ts";

vi.mock("next/headers", () => ({
  cookies: async () => ({ set: () => {}, delete: () => {} }),
}));

const sameOrigin = { "sec-fetch-site": "same-origin" };
const bodies: Record<string, unknown> = {
  "/api/auth/sign-in": { email: "a@example.com", password: "wrong password" },
  "/api/auth/sign-up": { email: "a@example.com", password: "wrong password" },
  "/api/auth/password-reset": { email: "a@example.com" },
  "/api/auth/new-password": { code: "unknown", password: "wrong password" },
  "/api/auth/confirmation": { code: "unknown" },
  "/api/auth/links/use": { token: "A".repeat(40) },
};

describe("routes for anybody", () => {
  let api: TestApi;
  beforeAll(async () => {
    vi.stubEnv("SIGNALBOX_SIGN_INS_PER_ADDRESS", "4");
    vi.stubEnv("SIGNALBOX_SIGN_INS_PER_ACCOUNT", "3");
    api = await startApi();
    await api.signUp("a");
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await api.close();
  });
  let client = 0;
  beforeEach(() => {
    client += 1;
  });

  /** Sends from an address of its own, unless told which. */
  const post = (path: string, json: unknown, address = `192.0.2.${client}`) =>
    connections.run(
      { address, forwarded: false, socket: {} as never, setContentEncoding: () => {} },
      () => api.call("POST", path, { headers: sameOrigin, json }),
    );

  it.each(Object.keys(bodies))(
    "refuse %s from another site without reading the body",
    async (path) => {
      let read = 0;
      const body = new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            read += 1;
            controller.enqueue(new Uint8Array(1024));
          },
        },
        { highWaterMark: 0 },
      );
      expectRefusal(
        await api.call("POST", path, { headers: { origin: "http://evil.example" }, body }),
        403,
      );
      expect(read).toBe(0);
    },
  );

  it.each(Object.keys(bodies))("take at most 8 KiB: %s", async (path) => {
    const padded = `${JSON.stringify(bodies[path])}${" ".repeat(8192)}`;
    const reply = await api.call("POST", path, { headers: sameOrigin, body: padded });
    expectRefusal(reply, 413);
    expect(reply.text).toContain("8 KiB");
  });

  it.each(Object.keys(bodies))("limit %s by address, and say when to come again", async (path) => {
    const account = (i: number) =>
      "email" in (bodies[path] as object) ? { email: `${client}-${i}@example.com` } : {};
    const send = (i: number) => post(path, { ...(bodies[path] as object), ...account(i) });
    for (let i = 0; i < 4; i++) expect((await send(i)).status).not.toBe(429);
    const refused = await send(4);
    expectRefusal(refused, 429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    const elsewhere = await post(
      path,
      { ...(bodies[path] as object), ...account(5) },
      `198.51.100.${client}`,
    );
    expect(elsewhere.status).not.toBe(429);
  });

  it("limit sign-in by account, wherever it is tried from and however it is written", async () => {
    const tried = ["b@example.com", "B@example.com", "b@EXAMPLE.com"];
    for (const [i, email] of tried.entries()) {
      expectRefusal(
        await post("/api/auth/sign-in", { email, password: "x" }, `198.51.100.1${i}`),
        401,
      );
    }
    const refused = await post(
      "/api/auth/sign-in",
      { email: "b@example.com", password: "x" },
      "198.51.100.20",
    );
    expectRefusal(refused, 429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const other = { email: "c@example.com", password: "x" };
    expectRefusal(await post("/api/auth/sign-in", other, "198.51.100.20"), 401);
  });
});
