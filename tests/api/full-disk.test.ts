import { tmpdir } from "node:os";
import { healthReplySchema } from "@signalbox/protocol/data/read";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { secretHash } from "@/lib/server/auth/secrets";
import type { TestUser } from "../../supabase/local/testing.ts";
import { expectRefusal, type Reply, startApi, type TestApi } from "./kit.ts";

const local = "/api/training/local";
const more: [path: string, json: object][] = [
  [`${local}/metrics`, { job_id: "job", points: [{ name: "loss", step: 1, value: 1 }] }],
  [
    `${local}/predictions`,
    {
      job_id: "job",
      predictions: [{ epoch: 1, step: 1, sample_index: 0, prompt: "a", prediction: "b" }],
    },
  ],
  [`${local}/job/logs`, { logs: ["a line"] }],
  [`${local}/job/events`, { events: [{ type: "a" }] }],
];

describe("a full disk", () => {
  let api: TestApi;
  let a: TestUser;
  let key: string;
  let token: string;

  beforeAll(async () => {
    api = await startApi();
    a = await api.signUp("a");
    key = await api.makeKey(a);
    ({ token } = await api.attach(a, "job"));
  });
  afterEach(() => setDisk(null));
  afterAll(() => api.close());

  /** Simulates a new process, with the disk of the temporary files and a minimum on it. */
  function setDisk(minFreeMb: number | null): void {
    const host = globalThis as { [key: symbol]: Map<string, unknown> | undefined };
    host[Symbol.for("signalbox.singletons")]?.clear();
    delete process.env.SIGNALBOX_DATABASE_DIR;
    delete process.env.SIGNALBOX_MIN_FREE_MB;
    if (minFreeMb === null) return;
    process.env.SIGNALBOX_DATABASE_DIR = tmpdir();
    process.env.SIGNALBOX_MIN_FREE_MB = String(minFreeMb);
  }
  const fill = () => setDisk(1e12);

  function expectRetry(reply: Reply, words: RegExp): void {
    expectRefusal(reply, 503);
    expect(reply.body).toMatchObject({
      error: { code: "backend_unavailable", message: expect.stringMatching(words) },
    });
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
  }

  it.each(more)(
    "refuses more rows on %s until there is room, and then takes them",
    async (path, json) => {
      fill();
      const refused = await api.call("POST", path, { bearer: token, json });
      expectRetry(refused, /^The dashboard's disk is full: \d+ MB left\. Nothing was stored\./);
      setDisk(64);
      expect(await api.call("POST", path, { bearer: token, json })).toMatchObject({ status: 200 });
    },
  );

  it("refuses to start another run", async () => {
    fill();
    const reply = await api.call("POST", "/api/training/jobs", { key, json: { kind: "sft" } });
    expectRetry(reply, /disk is full/);
    expect(api.backend.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("refuses nobody without a credential in other words than before", async () => {
    fill();
    const [path, json] = more[0] ?? ["", {}];
    expectRefusal(await api.call("POST", path, { json }), 401);
  });

  it("leaves runs readable, alive and under control", async () => {
    fill();
    const program = { bearer: token };
    const calls = await Promise.all([
      api.call("GET", "/api/training/jobs", { key }),
      api.call("GET", `${local}/job/metrics`, { key }),
      api.call("POST", `${local}/job/heartbeat`, { ...program, json: {} }),
      api.call("POST", `${local}/job/status`, { ...program, json: { status: "running" } }),
      api.call("POST", `${local}/job/control`, { key, json: { action: "checkpoint" } }),
    ]);
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200, 200, 202]);
  });

  it("is named by the health reply, as is one that is almost full", async () => {
    const health = async () => (await api.call("GET", "/api/health")).as(healthReplySchema);
    expect(await health()).toMatchObject({ status: "ok", disk: "not watched" });
    setDisk(64);
    const { disk, disk_free_bytes } = await health();
    expect(disk_free_bytes).toBeGreaterThan(0);
    expect(disk).toBe("ok");
    setDisk((disk_free_bytes ?? 0) / 1024 / 1024 / 2);
    expect(await health()).toMatchObject({ status: "ok", disk: "low" });
    fill();
    expect(await api.call("GET", "/api/health")).toMatchObject({
      status: 503,
      body: { status: "degraded", disk: "full", database: "ok" },
    });
  });

  it("asks to come again where the database only reads, as Supabase lets it with a full disk", async () => {
    await api.supabase.sql(
      `create function only_reads() returns trigger language plpgsql as $$
       begin raise 'cannot execute INSERT in a read-only transaction' using errcode = '25006'; end $$`,
    );
    await api.supabase.sql(
      "create trigger only_reads before insert on job_stream for each row execute function only_reads()",
    );
    const [path, json] = more[2] ?? ["", {}];
    const post = () =>
      api.call("POST", path, { bearer: token, json, headers: { "Idempotency-Key": "again" } });
    expectRetry(
      await post(),
      /^The database only reads: its disk is full\. Nothing was changed\.$/,
    );
    await api.supabase.sql("drop trigger only_reads on job_stream");
    expect(await post()).toMatchObject({ status: 200 });
  });

  it("keeps API keys valid where the database only reads", async () => {
    const session = api.supabase.connect();
    await session.sql("begin read only");
    const [row] = await session.sql<{ key: { user_id: string } | null }>(
      "select authenticate_api_key($1) as key",
      [secretHash(key)],
    );
    await session.sql("rollback");
    await session.close();
    expect(row?.key?.user_id).toBe(a.userId);
  });
});
