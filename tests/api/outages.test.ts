import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { expectRefusal, startApi, type TestApi } from "./kit.ts";
import { methodOf, routeCases } from "./routes-table.ts";

const guarded = routeCases.filter(({ scope }) => scope !== "public");

describe("when something is down", () => {
  let api: TestApi;
  let a: TestUser;
  let key: string;
  let token: string;
  let broken: Server;

  beforeAll(async () => {
    api = await startApi();
    a = await api.signUp("a");
    key = await api.makeKey(a);
    ({ token } = await api.attach(a, "job"));
    broken = createServer((_request, response) => {
      response.writeHead(503, { "content-type": "text/html" }).end("<h1>Service Unavailable</h1>");
    });
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    broken.close();
    await api.close();
  });
  afterEach(() => forget());

  /** Simulates a new process, which reads its settings and creates its clients again. */
  function forget() {
    process.env.SUPABASE_URL = api.supabase.url;
    process.env.TRAINING_BACKEND_URL = api.backend.url;
    const host = globalThis as { [key: symbol]: Map<string, unknown> | undefined };
    host[Symbol.for("signalbox.singletons")]?.clear();
  }

  function pointTo(url: string) {
    forget();
    process.env.SUPABASE_URL = url;
  }

  async function addresses(): Promise<[string, string][]> {
    const address = broken.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return [
      ["nobody listens", "http://127.0.0.1:9"],
      ["it answers 503", `http://127.0.0.1:${address.port}`],
    ];
  }

  it("reports an unreachable database on every route, and never as a client error", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    for (const [how, url] of await addresses()) {
      pointTo(url);
      for (const entry of guarded) {
        const credentials = [{ key }, { bearer: a.accessToken }];
        if (entry.scope === "ingest") credentials.push({ bearer: token });
        for (const credential of credentials) {
          const json = entry.json?.("job");
          const path = entry.path("job");
          const reply = await api.call(methodOf(entry), path, { ...credential, json });
          expect([how, entry.route, reply.status, reply.text]).toEqual([
            how,
            entry.route,
            503,
            reply.text,
          ]);
          expectRefusal(reply, 503);
        }
      }
    }
    log.mockRestore();
  }, 60_000);

  it("names what is down in the health reply, within seconds", async () => {
    expect(await api.call("GET", "/api/health")).toMatchObject({
      status: 200,
      body: { status: "ok", database: "ok", realtime: "ok", backend: "ok" },
    });
    forget();
    api.backend.override = () => "hang up";
    expect(await api.call("GET", "/api/health")).toMatchObject({
      status: 503,
      body: { status: "degraded", database: "ok", backend: expect.stringMatching(/^down/) },
    });
    api.backend.override = null;
    pointTo("http://127.0.0.1:9");
    const started = performance.now();
    expect(await api.call("GET", "/api/health")).toMatchObject({
      status: 503,
      body: { database: expect.stringMatching(/^down/), realtime: expect.stringMatching(/^down/) },
    });
    expect(performance.now() - started).toBeLessThan(8_000);
    forget();
    delete process.env.TRAINING_BACKEND_URL;
    expect(await api.call("GET", "/api/health")).toMatchObject({
      status: 200,
      body: { backend: "not set up" },
    });
  });

  it("says what to configure when there is no training backend", async () => {
    forget();
    delete process.env.TRAINING_BACKEND_URL;
    const json = { kind: "sft" };
    const reply = await api.call("POST", "/api/training/jobs", { key, json });
    expectRefusal(reply, 503);
    expect(reply.text).toContain("TRAINING_BACKEND_URL");
  });

  it("does not wait for long polls when it stops", async () => {
    forget();
    const { beginStop } = await import("../../lib/server/stopping.ts");
    const waiting = api.call("GET", "/api/training/local/job/commands/next?wait=25", {
      bearer: token,
    });
    await api.call("POST", "/api/training/local/job/heartbeat", { bearer: token });
    const started = performance.now();
    beginStop();
    const reply = await waiting;
    expect(reply).toMatchObject({ status: 200, body: { command: null } });
    expect(reply.headers.get("connection")).toBe("close");
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("never sends the text of an internal error, only its request id", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await api.supabase.sql("alter function list_commands rename to list_commands_gone");
    const reply = await api.call("GET", "/api/training/local/job/commands", { key });
    await api.supabase.sql("alter function list_commands_gone rename to list_commands");
    expect(reply).toMatchObject({
      status: 500,
      body: { error: { code: "internal", message: "Internal server error." } },
    });
    expect(reply.text).not.toContain("list_commands");
    const id = reply.headers.get("x-request-id");
    expect(log.mock.calls.flat().join(" ")).toContain(`${id}`);
    log.mockRestore();
  });
});
