import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOwner } from "./job-driver.ts";
import { expectRefusal, type Reply, type TestApi } from "./kit.ts";

describe("a database that is too busy", () => {
  let api: TestApi;
  let post: (path: string, json: object) => Promise<Reply>;
  let id: string;

  beforeAll(async () => {
    const { api: started, act } = await startWithOwner();
    api = started;
    post = act.post;
    id = await act.attach();
  });
  afterAll(() => api.close());

  const metrics = (step: number) => ({
    job_id: id,
    batch_id: `b${step}`,
    points: [{ name: "loss", step, value: 1 }],
  });

  function expectRetry(reply: Reply): void {
    expectRefusal(reply, 503);
    expect(reply.body).toMatchObject({ error: { code: "backend_unavailable" } });
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
  }

  it("asks a trainer to try again when a lock is not obtained in time, and then stores once", async () => {
    const [row] = await api.supabase.sql<{ name: string }>(
      "select oid::regprocedure::text as name from pg_proc where proname = 'ingest_metrics'",
    );
    await api.supabase.sql(`alter function ${row?.name} set lock_timeout = '200ms'`);
    const other = api.supabase.connect();
    await other.sql("begin");
    await other.sql("select from jobs where id = $1 for update", [id]);
    expectRetry(await post("/api/training/local/metrics", metrics(1)));
    await other.sql("rollback");
    await other.close();
    expect(await post("/api/training/local/metrics", metrics(1))).toMatchObject({ status: 200 });
    const [stored] = await api.supabase.sql<{ count: number }>(
      "select count(*)::int as count from job_stream where stream = 'metrics'",
    );
    expect(stored?.count).toBe(1);
  });

  it("asks a trainer to try again when a statement takes too long", async () => {
    await api.supabase.sql(
      `create function too_slow() returns trigger language plpgsql as $$
       begin raise 'canceling statement due to statement timeout' using errcode = '57014'; end $$`,
    );
    await api.supabase.sql(
      "create trigger too_slow before insert on job_stream for each row execute function too_slow()",
    );
    expectRetry(await post("/api/training/local/metrics", metrics(2)));
    await api.supabase.sql("drop trigger too_slow on job_stream");
    expect(await post("/api/training/local/metrics", metrics(2))).toMatchObject({ status: 200 });
  });
});
