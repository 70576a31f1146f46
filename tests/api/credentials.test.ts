import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { type AttachedJob, expectRefusal, startApi, type TestApi } from "./kit.ts";
import { methodOf, routeCases } from "./routes-table.ts";

const guarded = routeCases.filter(({ scope }) => scope !== "public");
const missing = "there-is-no-such-job";

describe("credentials", () => {
  let api: TestApi;
  let a: TestUser;
  let jobOfA: AttachedJob;

  beforeAll(async () => {
    api = await startApi();
    a = await api.signUp("a");
    jobOfA = await api.attach(a, "job-of-a");
  });
  afterAll(() => api.close());

  it.each(guarded.map((entry) => [entry.route, entry] as const))(
    "%s takes no request without a good credential",
    async (_route, entry) => {
      const good = await api.makeKey(a, ["read"]);
      const wrong = `${good.slice(0, -1)}${good.endsWith("0") ? "1" : "0"}`;
      const credentials = [
        {},
        { key: "" },
        { key: "nonsense" },
        { key: wrong },
        { key: jobOfA.token },
        { bearer: "nonsense" },
        { bearer: `sbj_${"x".repeat(40)}` },
        { bearer: api.supabase.publishableKey },
        { bearer: api.supabase.secretKey },
        { bearer: `${a.accessToken}x` },
        { headers: { authorization: "Basic YTpi" } },
        { headers: { authorization: "Bearer" } },
        { cookie: "signalbox=1; signalbox-00000000=base64-e30" },
      ];
      for (const credential of credentials) {
        // The body is invalid too: authentication comes before validation.
        const reply = await api.call(methodOf(entry), entry.path(jobOfA.id), {
          ...credential,
          ...(entry.json && { body: "{" }),
        });
        expectRefusal(reply, 401);
        expect(reply.headers.get("www-authenticate")).toBe("Bearer");
      }
    },
  );

  it.each(guarded.map((entry) => [entry.route, entry] as const))(
    "%s refuses a key without its scope",
    async (_route, entry) => {
      const scopes = (["read", "ingest", "control", "admin"] as const).filter(
        (scope) => scope !== entry.scope,
      );
      const key = await api.makeKey(a, scopes);
      for (const id of [jobOfA.id, missing]) {
        const json = entry.json?.(id);
        const reply = await api.call(methodOf(entry), entry.path(id), { key, json });
        expectRefusal(reply, 403);
        expect(reply.body).toMatchObject({ error: { details: { scope: entry.scope } } });
      }
    },
  );

  it("rejects a revoked or expired key at once", async () => {
    const key = await api.makeKey(a);
    const list = () => api.call("GET", "/api/training/jobs", { key });
    expect((await list()).status).toBe(200);
    const { body } = await api.call("GET", "/api/settings/api-keys?limit=1", { key });
    const [{ id }] = (body as { keys: [{ id: string }] }).keys;
    await api.supabase.sql(
      "update api_keys set expires_at = now() - interval '1 s' where id = $1",
      [id],
    );
    expectRefusal(await list(), 401);
    await api.supabase.sql("update api_keys set expires_at = null where id = $1", [id]);
    expect((await list()).status).toBe(200);
    const revoked = await api.call("DELETE", `/api/settings/api-keys/${id}`, { key });
    expect(revoked.body).toMatchObject({ id, revoked_at: expect.any(String) });
    expectRefusal(await list(), 401);
  });

  it("ends open streams when their key is revoked, and no others", async () => {
    const [revoked, other] = [await api.makeKey(a, ["read"]), await api.makeKey(a, ["read"])];
    const paths = ["/api/training/jobs/job-of-a/stream", "/api/training/jobs/stream"];
    const open = (key: string) => Promise.all(paths.map((path) => api.send("GET", path, { key })));
    const ending = await open(revoked);
    const staying = await open(other);
    expect([...ending, ...staying].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const [row] = await api.supabase.sql<{ id: string }>(
      "select id from api_keys where prefix = $1",
      [revoked.slice(0, 8)],
    );
    const path = `/api/settings/api-keys/${row?.id}`;
    expect((await api.call("DELETE", path, { bearer: a.accessToken })).status).toBe(200);
    for (const stream of ending) {
      const text = await stream.text();
      expect(text).toMatch(/event: ?error\n(id: .*\n)?data: ?\{"code":"unauthorized"/);
    }
    for (const stream of staying) {
      const reader = stream.body?.getReader();
      expect(await reader?.read()).toMatchObject({ done: false });
      await reader?.cancel();
    }
  });

  it("forbids caching of replies", async () => {
    const created = await api.call("POST", "/api/settings/api-keys", {
      bearer: a.accessToken,
      json: { name: "kept", scopes: ["read"] },
    });
    const listed = await api.call("GET", "/api/training/jobs", { bearer: a.accessToken });
    for (const { status, headers } of [created, listed]) {
      expect(status).toBeLessThan(300);
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  it("never returns a key's secret or hash again", async () => {
    const secret = await api.makeKey(a);
    const { text } = await api.call("GET", "/api/settings/api-keys", { bearer: a.accessToken });
    expect(text).not.toContain(secret);
    expect(text).not.toContain("hash");
    const stored = JSON.stringify(await api.supabase.sql("select * from api_keys"));
    expect(stored).not.toContain(secret.slice(8));
  });
});
