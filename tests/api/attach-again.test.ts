import { jobListSchema } from "@signalbox/protocol/job/job";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobDriver } from "./job-driver.ts";
import { startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

describe("attaching a run again", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  });
  afterAll(() => api.close());

  const attach = async (id: string, fields: object = {}) => {
    const reply = await act.post("/api/training/local/jobs", { job_id: id, ...fields });
    expect(reply.status, reply.text).toBe(200);
    return reply.body as { job_token: string; ignored?: string[] };
  };
  const send = (id: string, step: number, bearer: string) =>
    act.post(
      "/api/training/local/metrics",
      { job_id: id, metrics: [{ step, loss: 1 }] },
      { bearer },
    );
  const tokensOf = async (id: string) => {
    const rows = await api.supabase.sql(
      `select a.number, a.revoked_at is null as good from attempts a
       join jobs j on j.key = a.job_key where j.id = $1 order by a.number, a.created_at`,
      [id],
    );
    return rows as { number: number; good: boolean }[];
  };

  it("keeps the running trainer's token, and returns the same one", async () => {
    const { job_token } = await attach("again");
    expect(job_token).toMatch(/^sbj_[0-9A-Za-z]{40}$/);
    for (let step = 1; step <= 5; step++) {
      expect((await attach("again", { status: "running", current_step: step })).job_token).toBe(
        job_token,
      );
      expect((await send("again", step, job_token)).status).toBe(200);
    }
    expect(await tokensOf("again")).toEqual([{ number: 1, good: true }]);
  });

  it("gives twenty processes that attach one id at once the same token", async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => attach("crowd")));
    expect(new Set(replies.map((reply) => reply.job_token)).size).toBe(1);
    expect(await tokensOf("crowd")).toHaveLength(1);
  });

  it("adds one token beside that of a trainer attached before tokens could be told again", async () => {
    const { job_token: old } = await attach("old");
    await api.supabase.sql(
      `update attempts set token_salt = null
       where job_key = (select key from jobs where id = 'old')`,
      [],
    );
    const { job_token: added } = await attach("old");
    expect(added).not.toBe(old);
    expect((await attach("old")).job_token).toBe(added);
    for (const token of [old, added]) expect((await send("old", 1, token)).status).toBe(200);
    expect(await tokensOf("old")).toHaveLength(2);
  });

  it("ends the old token with a new attempt only", async () => {
    const { job_token: first } = await attach("retry", { status: "running" });
    const failed = await attach("retry", { status: "failed", error: "CUDA out of memory" });
    expect(failed.job_token).toBe(first);
    expect(await act.jobOf("retry")).toMatchObject({
      status: "failed",
      error: "CUDA out of memory",
      error_message: "CUDA out of memory",
    });
    const { job_token: second } = await attach("retry", { status: "running" });
    expect(second).not.toBe(first);
    expect(await act.jobOf("retry")).toMatchObject({ status: "running", attempt: 2, error: null });
    expectRefusal(await send("retry", 1, first), 401);
    expect((await send("retry", 1, second)).status).toBe(200);
  });

  it("stays the same update while the run is paused, and starts a new attempt as running", async () => {
    const { job_token } = await attach("held");
    expect((await attach("held", { status: "paused" })).job_token).toBe(job_token);
    expect((await attach("held", { status: "paused", progress: 0.5 })).job_token).toBe(job_token);
    expect(await act.jobOf("held")).toMatchObject({ status: "paused", attempt: 1, progress: 0.5 });
    expect((await attach("held", { status: "running" })).job_token).not.toBe(job_token);
    expect(await act.jobOf("held")).toMatchObject({ status: "running", attempt: 2 });
  });

  it("refuses to start a run again that succeeded or was cancelled", async () => {
    for (const status of ["succeeded", "cancelled"]) {
      await attach(status, { status });
      const reply = await act.post("/api/training/local/jobs", {
        job_id: status,
        status: "running",
      });
      expectRefusal(reply, 409);
      expect((await act.jobOf(status)).status).toBe(status);
    }
  });

  it("reads a failure while stopping as the requested stop", async () => {
    await attach("stopped");
    await act.control("stopped", "stop");
    await attach("stopped", { status: "failed", error_message: "exit code -15" });
    expect(await act.jobOf("stopped")).toMatchObject({ status: "cancelled", error: null });
  });

  it("takes progress, step and epoch, and shows them in status and list", async () => {
    await attach("p", { total_steps: 1000, total_epochs: 3 });
    const shown = async () => {
      const one = await api.call("GET", "/api/training/local/p/status", { key });
      const list = await api.call("GET", "/api/training/jobs?ids=p", { key });
      const [job] = list.as(jobListSchema).jobs;
      const { progress, current_step, current_epoch } = job ?? {};
      expect(one.body).toMatchObject({ progress, current_step, current_epoch });
      return { progress, current_step, current_epoch };
    };
    await attach("p", { progress: 45.2, current_step: 452, current_epoch: 2 });
    expect(await shown()).toEqual({ progress: 0.452, current_step: 452, current_epoch: 2 });
    await attach("p", { progress: 0.5, current_step: 500 });
    expect(await shown()).toMatchObject({ progress: 0.5, current_step: 500 });
    await attach("p", { progress: 100, status: "completed", completed_at: "2026-11-21T10:00:00Z" });
    expect(await shown()).toMatchObject({ progress: 1 });
    expect(await act.jobOf("p")).toMatchObject({
      status: "succeeded",
      finished_at: "2026-11-21T10:00:00.000Z",
      completed_at: "2026-11-21T10:00:00.000Z",
    });
  });

  it("reads a progress below one per cent as per cent where the steps say so", async () => {
    await attach("small", { total_steps: 1000 });
    await attach("small", { progress: 0.5, current_step: 5 });
    expect((await act.jobOf("small")).progress).toBe(0.005);
    await attach("small", { current_step: 250 });
    expect(await act.jobOf("small")).toMatchObject({ progress: 0.25, current_step: 250 });
    await attach("small", { current_step: 240 });
    expect((await act.jobOf("small")).current_step).toBe(250);
    for (const progress of [-1, 100.5, "50"]) {
      const refused = await act.post("/api/training/local/jobs", { job_id: "small", progress });
      expectRefusal(refused, 400);
      expect(refused.text).toContain("progress");
    }
  });

  it("imports a finished run with its times and its error", async () => {
    await attach("import", {
      status: "failed",
      error_message: "Loss is NaN",
      started_at: "2026-11-01T08:00:00Z",
      completed_at: "2026-11-01T09:00:00Z",
    });
    expect(await act.jobOf("import")).toMatchObject({
      status: "failed",
      error: "Loss is NaN",
      started_at: "2026-11-01T08:00:00.000Z",
      finished_at: "2026-11-01T09:00:00.000Z",
      active_seconds: 3600,
    });
  });

  it("names the fields that it does not take", async () => {
    const { ignored } = await attach("extra", { user_id: "someone", loss: 0.5, tags: ["a"] });
    expect(ignored).toEqual(["user_id", "loss"]);
    expect((await attach("extra", { error: "flaky disk" })).ignored).toEqual(["error"]);
    expect(await attach("extra", { error: null })).not.toHaveProperty("ignored");
  });

  it("tells viewers of each update", async () => {
    await attach("seen", { total_steps: 10 });
    const before = (await act.jobOf("seen")).last_seq;
    await attach("seen", { current_step: 3 });
    expect((await act.jobOf("seen")).last_seq).toBe(before + 1);
  });
});
