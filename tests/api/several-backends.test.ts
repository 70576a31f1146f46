import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";
import { type RecordingBackend, startRecordingBackend } from "./recording-backend.ts";

describe("several training backends", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;
  let second: RecordingBackend;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
    second = await startRecordingBackend();
  }, 60_000);
  afterAll(async () => {
    await second.close();
    await api.close();
  });
  beforeEach(() => {
    api.backend.forget();
    second.forget();
    configure(api.backend, second);
    isBackend(api.backend, "one", 3);
    isBackend(second, "two", 1);
  });

  /** Simulates a server that is started with these backends. */
  function configure(...backends: RecordingBackend[]): void {
    process.env.TRAINING_BACKEND_URL = backends.map(({ url }) => url).join(", ");
    const host = globalThis as { [key: symbol]: Map<string, unknown> | undefined };
    for (const name of ["env", "backend-ids"]) {
      host[Symbol.for("signalbox.singletons")]?.delete(name);
    }
  }

  function isBackend(backend: RecordingBackend, id: string, active_jobs: number): void {
    backend.override = ({ path, method }) => {
      if (path === "/v1/health") return { status: 200, body: { status: "ok", id, active_jobs } };
      if (method !== "GET" && path.includes("job_") && !knows(backend, path)) {
        return { status: 404, body: { error: { code: "not_found", message: "no such job" } } };
      }
      return undefined;
    };
  }

  const startsAt = (backend: RecordingBackend) =>
    backend.to("POST", "/v1/jobs").map(({ body }) => (body as { job_id: string }).job_id);
  const knows = (backend: RecordingBackend, path: string) =>
    startsAt(backend).some((id) => path.includes(id));

  async function start(idempotencyKey?: string): Promise<string> {
    const reply = await api.call("POST", "/api/training/jobs", {
      key,
      json: { kind: "sft" },
      ...(idempotencyKey && { headers: { "Idempotency-Key": idempotencyKey } }),
    });
    expect(reply.status, reply.text).toBeLessThan(300);
    return (reply.body as { id: string }).id;
  }

  const backendOf = (id: string) =>
    api.supabase.sql<{ backend: string }>("select backend from jobs where id = $1", [id]);

  it("give a run to the least busy of them", async () => {
    const id = await start();
    expect([startsAt(api.backend), startsAt(second)]).toEqual([[], [id]]);
    isBackend(second, "two", 9);
    const other = await start();
    expect(startsAt(api.backend)).toEqual([other]);
    expect(await backendOf(other)).toEqual([{ backend: "one" }]);
  });

  it("keep a run whose start is repeated, whoever is less busy by then", async () => {
    const id = await start("once");
    isBackend(second, "two", 9);
    configure(second, api.backend);
    expect(await start("once")).toBe(id);
    expect(startsAt(api.backend)).toEqual([]);
    expect(new Set(startsAt(second))).toEqual(new Set([id]));
  });

  it("start runs while one of them is down, which the health reply says", async () => {
    second.override = () => "hang up";
    const id = await start();
    expect(startsAt(api.backend)).toEqual([id]);
    const health = await api.call("GET", "/api/health");
    expect(health.body).toMatchObject({
      status: "degraded",
      backend: "down: 1 of 2 training backends are not responding.",
    });
  });

  it("resume and delete a run at the one that has it, also at its new address", async () => {
    const id = await start();
    await api.supabase.sql("update jobs set status = 'failed' where id = $1", [id]);
    configure(second, api.backend);
    const resumed = await act.post(act.local(id, "resume"));
    expect(resumed.status, resumed.text).toBe(202);
    expect(second.to("POST", `/v1/jobs/${id}/commands`)).toHaveLength(1);
    await api.supabase.sql("update jobs set status = 'failed' where id = $1", [id]);
    expect((await api.call("DELETE", `/api/training/${id}`, { key })).status).toBe(200);
    expect(second.to("DELETE", `/v1/jobs/${id}`)).toHaveLength(1);
    expect(api.backend.requests.filter(({ path }) => path.includes(id))).toEqual([]);
  });

  it("find a run of an earlier release by asking each", async () => {
    const id = await start();
    await api.supabase.sql("update jobs set status = 'failed', backend = null where id = $1", [id]);
    expect((await act.post(act.local(id, "resume"))).status).toBe(202);
    expect(second.to("POST", `/v1/jobs/${id}/commands`)).toHaveLength(1);
  });

  it("leave a run to the server that reaches the backend which has it, and say so", async () => {
    const id = await start();
    await api.supabase.sql("update jobs set status = 'failed' where id = $1", [id]);
    configure(api.backend);
    const refused = await act.post(act.local(id, "resume"));
    expectRefusal(refused, 503);
    expect(refused.text).toContain("TRAINING_BACKEND_URL");
    expect(api.backend.requests.filter(({ path }) => path.includes(id))).toEqual([]);
  });
});
