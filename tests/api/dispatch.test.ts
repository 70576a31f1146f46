import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type JobDriver, jobDriver, startWithOwner } from "./job-driver.ts";
import { comparable, expectRefusal, type TestApi } from "./kit.ts";

describe("a job of the training backend", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  });
  afterAll(() => api.close());
  beforeEach(() => api.backend.forget());

  it("dispatches a job to the backend with defaults filled in and a token of its own", async () => {
    const json = { kind: "sft", name: "named", config: { epochs: 7 }, tags: ["t"] };
    const started = await act.post("/api/training/jobs", json);
    expect(started).toMatchObject({
      status: 201,
      body: { name: "named", status: "queued", tags: ["t"], live_params: { learning_rate: {} } },
    });
    const [request] = api.backend.to("POST", "/v1/jobs");
    expect(request?.headers.authorization).toBe(`Bearer ${api.backend.token}`);
    expect(request?.body).toMatchObject({
      job_id: (started.body as { id: string }).id,
      kind: "sft",
      config: { epochs: 7, learning_rate: 0.01 },
      dashboard_url: "http://127.0.0.1:3000",
      job_token: expect.stringMatching(/^sbj_/),
      attempt: 1,
    });
    expect(started.text).not.toContain("sbj_");
  });

  it("refuses a dataset, as there are none yet, and starts nothing", async () => {
    const refused = await act.post("/api/training/jobs", { kind: "sft", dataset_id: "squad" });
    expectRefusal(refused, 422);
    expect(refused.text).toContain("there are no datasets yet");
    expect(api.backend.to("POST", "/v1/jobs")).toEqual([]);
    const json = { kind: "sft", dataset_id: null };
    expect((await act.post("/api/training/jobs", json)).status).toBe(201);
  });

  it("leaves no run behind when the backend rejects its configuration", async () => {
    api.backend.override = ({ path }) =>
      path === "/v1/jobs"
        ? {
            status: 422,
            body: { error: { code: "unsupported", message: "epochs: too many", details: [1] } },
          }
        : undefined;
    const owned = "select 1 from jobs where user_id is not null";
    const before = await api.supabase.sql(owned);
    const refused = await act.post("/api/training/jobs", { kind: "sft" });
    expectRefusal(refused, 422);
    expect(refused.body).toMatchObject({ error: { message: "epochs: too many", details: [1] } });
    expect(await api.supabase.sql(owned)).toHaveLength(before.length);
    expectRefusal(await act.post("/api/training/jobs", { kind: "rl" }), 422);
  });

  it("starts from no run but the user's own on the backend: a stranger's and a missing one are the same", async () => {
    const { id: mine } = await act.startRunning();
    const stranger = jobDriver(api, await api.makeKey(await api.signUp("stranger")));
    const { id: foreign } = await stranger.startRunning();
    // The id of somebody else's run can be had for a run of one's own, but not on the backend.
    const taken = (await stranger.startRunning()).id;
    const attached = await act.post("/api/training/local/jobs", { job_id: taken });
    expect(attached.status).toBe(200);
    const source = { type: "string", "x-widget": "run" };
    const config_schema = { type: "object", properties: { init_from_job: source } };
    const trainer = { kind: "rl", name: "RL", config_schema, live_params: {}, pause: [] };
    api.backend.override = ({ path }) =>
      path === "/v1/capabilities" ? { status: 200, body: { trainers: [trainer] } } : undefined;
    const from = (init_from_job: string) =>
      act.post("/api/training/jobs", { kind: "rl", config: { init_from_job } });
    api.backend.requests.length = 0;
    const missing = await from("job_missing");
    expectRefusal(missing, 422);
    expect(missing.body).toMatchObject({ error: { details: [{ field: "config.init_from_job" }] } });
    expect(comparable(await from(foreign))).toEqual(comparable(missing));
    expect(comparable(await from(taken))).toEqual(comparable(missing));
    expect(api.backend.to("POST", "/v1/jobs")).toEqual([]);
    expect((await from(mine)).status).toBe(201);
    expect(api.backend.to("POST", "/v1/jobs").at(-1)?.body).toMatchObject({
      owner: expect.stringMatching(/^[0-9a-f-]{36}$/),
      config: { init_from_job: mine },
    });
  });

  it("reports that the backend is down, and starts nothing", async () => {
    api.backend.override = () => "hang up";
    expectRefusal(await act.post("/api/training/jobs", { kind: "sft" }), 503);
    expectRefusal(await api.call("GET", "/api/training/capabilities", { key }), 503);
    api.backend.override = ({ path }) =>
      path === "/v1/capabilities" ? { status: 200, body: "<html>not json" } : undefined;
    expectRefusal(await api.call("GET", "/api/training/capabilities", { key }), 503);
    expectRefusal(await act.post("/api/training/jobs", { kind: "sft" }), 503);
    api.backend.override = () => ({ status: 401, body: { error: { message: "who?" } } });
    expectRefusal(await api.call("GET", "/api/training/capabilities", { key }), 503);
    expectRefusal(await act.post("/api/training/jobs", { kind: "sft" }), 503);
  });

  it("keeps a run whose start the backend lost as failed, and retries it as attempt 2", async () => {
    api.backend.override = ({ path }) => (path === "/v1/jobs" ? "hang up" : undefined);
    expectRefusal(await act.post("/api/training/jobs", { kind: "sft", name: "lost start" }), 503);
    const { body } = await api.call("GET", "/api/training/jobs?q=lost+start", { key });
    const [{ id }] = (body as { jobs: [{ id: string }] }).jobs;
    expect(await act.jobOf(id)).toMatchObject({
      status: "failed",
      error: "The training backend is not responding.",
    });
    // The backend does not know the job, so the request has everything that a start has.
    api.backend.override = ({ path, method }) =>
      method === "POST" && path.endsWith("/commands")
        ? { status: 404, body: { error: { code: "not_found", message: "there is no job" } } }
        : undefined;
    api.backend.requests.length = 0;
    const resumed = await act.post(act.local(id, "resume"));
    expect(resumed.status, resumed.text).toBe(202);
    expect(await act.jobOf(id)).toMatchObject({ status: "queued", attempt: 2, error: null });
    const [request] = api.backend.to("POST", "/v1/jobs");
    expect(request?.body).toMatchObject({ job_id: id, attempt: 2, kind: "sft" });
    const { job_token } = act.lastBody("/v1/jobs");
    expect((await act.report(id, { status: "starting" }, job_token)).status).toBe(200);
    expect((await act.post(act.local(id, "heartbeat"), {}, { bearer: job_token })).status).toBe(
      200,
    );
    expect(await act.commandsOf(id)).toMatchObject([{ type: "resume", status: "applied" }]);
  });

  it("fails a resume that the backend rejects, with the reason, and accepts the next", async () => {
    const { id, token } = await act.startRunning();
    await act.report(id, { status: "failed", error: "out of memory", exited: true }, token);
    api.backend.override = ({ path }) => (path.endsWith("/commands") ? "hang up" : undefined);
    expectRefusal(await act.post(act.local(id, "resume")), 503);
    expect(await act.jobOf(id)).toMatchObject({ status: "failed", attempt: 2 });
    expect((await act.jobOf(id)).error).toContain("is not responding");
    expect(await act.commandsOf(id)).toMatchObject([{ type: "resume", status: "expired" }]);
    api.backend.override = null;
    expect((await act.post(act.local(id, "resume"))).status).toBe(202);
    expect(await act.jobOf(id)).toMatchObject({ status: "queued", attempt: 3, error: null });
  });

  it("resumes a released run as attempt 2 with a new token; the old one is invalid", async () => {
    const { id, token } = await act.startRunning();
    const paused = await act.control(id, "pause", { mode: "release", command_id: "p" });
    expect(paused).toMatchObject({ status: 202, body: { command: { status: "pending" } } });
    expect((await act.jobOf(id)).status).toBe("pausing");
    expect(await act.next(id, token)).toMatchObject({
      id: "p",
      type: "pause",
      status: "delivered",
    });
    const result = { checkpoint_id: "ckpt-1", step: 40 };
    await act.ack(id, "p", { status: "applied", applied_step: 40, result }, token);
    expect(await act.jobOf(id)).toMatchObject({ status: "paused", attempt_active: true });
    await act.report(id, { status: "paused", exited: true, exit_code: 0 }, token);
    expect(await act.jobOf(id)).toMatchObject({ status: "paused", attempt_active: false });
    // A heartbeat that was in flight when the process exited does not revive the run.
    await act.post(act.local(id, "heartbeat"), {}, { bearer: token });
    expect(await act.jobOf(id)).toMatchObject({ attempt_active: false });

    const resumed = await act.post(act.local(id, "resume"), {
      checkpoint_id: "ckpt-1",
      command_id: "r",
    });
    expect(resumed).toMatchObject({ status: 202, body: { action: "resume" } });
    expect(await act.jobOf(id)).toMatchObject({ status: "queued", attempt: 2 });
    const [request] = api.backend.to("POST", `/v1/jobs/${id}/commands`);
    expect(request?.body).toMatchObject({
      id: "r",
      type: "resume",
      args: { checkpoint_id: "ckpt-1" },
      attempt: 2,
    });
    const { job_token } = act.lastBody(`/v1/jobs/${id}/commands`);
    expect(job_token).not.toBe(token);
    for (const path of [act.local(id, "heartbeat"), act.local(id, "status")]) {
      expectRefusal(await act.post(path, {}, { bearer: token }), 401);
    }
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    expectRefusal(await act.post("/api/training/local/metrics", metrics, { bearer: token }), 401);
    expect(await act.next(id, job_token)).toBeNull();
    await act.report(id, { status: "starting" }, job_token);
    await act.post(act.local(id, "heartbeat"), {}, { bearer: job_token });
    expect(await act.jobOf(id)).toMatchObject({ status: "running", attempt_active: true });
    expect((await act.commandsOf(id)).map(({ type, status }) => [type, status])).toEqual([
      ["resume", "applied"],
      ["pause", "applied"],
    ]);
  });

  it.each(["start", "constructor", "__proto__"])(
    "gives an attempt that the command “%s” resumes a token of its own, however often it is sent",
    async (command_id) => {
      const { id, token } = await act.startRunning();
      await act.report(id, { status: "failed", exited: true, exit_code: 1 }, token);
      const first = await act.post(act.local(id, "resume"), { command_id });
      expect(first.status, first.text).toBe(202);
      const { job_token } = act.lastBody(`/v1/jobs/${id}/commands`);
      expect(job_token).not.toBe(token);
      expectRefusal(await act.post(act.local(id, "heartbeat"), {}, { bearer: token }), 401);
      const again = await act.post(act.local(id, "resume"), { command_id });
      expect(again).toMatchObject({ status: 202, body: first.body as object });
      expect(await act.jobOf(id)).toMatchObject({ attempt: 2 });
      const alive = await act.post(act.local(id, "heartbeat"), {}, { bearer: job_token });
      expect(alive.status).toBe(200);
    },
  );

  it("resumes a held run in its process: same attempt, same token", async () => {
    const { id, token } = await act.startRunning();
    await act.control(id, "pause", { command_id: "p" });
    await act.next(id, token);
    await act.ack(id, "p", { status: "applied", applied_step: 7 }, token);
    expectRefusal(await act.control(id, "pause"), 409);
    await act.control(id, "resume", { command_id: "r" });
    expect(await act.jobOf(id)).toMatchObject({
      status: "queued",
      attempt: 1,
      attempt_active: true,
    });
    expect(api.backend.to("POST", `/v1/jobs/${id}/commands`)).toHaveLength(0);
    expect(await act.next(id, token)).toMatchObject({ id: "r", type: "resume" });
    await act.ack(id, "r", { status: "applied", applied_step: 7 }, token);
    expect(await act.jobOf(id)).toMatchObject({ status: "running", attempt: 1 });
  });

  it("fails a resume whose held process has exited, and retries it as a new attempt", async () => {
    const { id, token } = await act.startRunning();
    await act.control(id, "pause", { command_id: "p" });
    await act.ack(id, "p", { status: "applied" }, token);
    await act.control(id, "resume", { command_id: "r" });
    await act.report(id, { status: "paused", exited: true }, token);
    expect(await act.jobOf(id)).toMatchObject({
      status: "failed",
      attempt_active: false,
      error: expect.stringContaining("checkpoint"),
    });
    await act.control(id, "resume", { command_id: "again" });
    expect(await act.jobOf(id)).toMatchObject({ status: "queued", attempt: 2 });
    expect(api.backend.to("POST", `/v1/jobs/${id}/commands`)).toHaveLength(1);
  });

  it("tells a held process to stop, also while its resume is under way", async () => {
    for (const managed of [true, false]) {
      const { id, token } = managed ? await act.startRunning() : await act.attached();
      await act.control(id, "pause", { command_id: "p" });
      await act.ack(id, "p", { status: "applied" }, token);
      await act.control(id, "resume", { command_id: "r" });
      await act.control(id, "stop", { command_id: "s" });
      expect((await act.jobOf(id)).status).toBe("cancelled");
      expect(await act.next(id, token)).toMatchObject({ id: "s", type: "stop" });
      await act.ack(id, "s", { status: "applied" }, token);
      await act.report(id, { status: "cancelled", exited: true, exit_code: 0 }, token);
      const outcomes = (await act.commandsOf(id)).map(({ type, status }) => [type, status]);
      expect(outcomes).toEqual([
        ["stop", "applied"],
        ["resume", "expired"],
        ["pause", "applied"],
      ]);
    }
  });

  it("stops a held run through stopping, a released one at once", async () => {
    const { id, token } = await act.startRunning();
    await act.control(id, "pause", { command_id: "p" });
    await act.ack(id, "p", { status: "applied" }, token);
    const stopped = await act.control(id, "stop", { command_id: "s", reason: "enough" });
    expect(stopped.status).toBe(202);
    expect((await act.jobOf(id)).status).toBe("stopping");
    await act.next(id, token);
    await act.report(id, { status: "failed", exited: true, exit_code: -15 }, token);
    expect(await act.jobOf(id)).toMatchObject({ status: "cancelled", error: null });
    expect(await act.commandsOf(id)).toMatchObject([{ type: "stop", status: "applied" }, {}]);

    const released = await act.startRunning();
    await act.control(released.id, "pause", { mode: "release", command_id: "p" });
    await act.ack(released.id, "p", { status: "applied" }, released.token);
    await act.report(released.id, { status: "paused", exited: true }, released.token);
    await act.control(released.id, "stop");
    expect((await act.jobOf(released.id)).status).toBe("cancelled");
    expect(await act.commandsOf(released.id)).toMatchObject([
      { type: "stop", status: "applied" },
      {},
    ]);
  });

  it("deletes a run also when the backend is down; only its files remain there", async () => {
    const { id, token } = await act.startRunning();
    await act.report(id, { status: "failed", exited: true }, token);
    api.backend.override = () => "hang up";
    expect((await api.call("DELETE", `/api/training/${id}`, { key })).status).toBe(200);
  });

  it("reports that the backend no longer has the run to resume", async () => {
    const { id, token } = await act.startRunning();
    await act.report(id, { status: "failed", exited: true }, token);
    api.backend.override = () => ({ status: 404, body: { error: { message: "no job" } } });
    expectRefusal(await act.post(act.local(id, "resume")), 409);
    expect(await act.jobOf(id)).toMatchObject({
      status: "failed",
      error: "The training backend no longer has this run.",
    });
  });

  it("dispatches again a job that no backend has claimed, with the same token", async () => {
    const { id, token } = await act.start();
    const { startJobMonitor } = await import("../../lib/server/jobs/monitor-jobs.ts");
    expect(startJobMonitor).toBeTypeOf("function");
    const [row] = await api.supabase.sql<{ jobs: { job: { id: string }; resume: unknown }[] }>(
      "select unclaimed_jobs('0 seconds') as jobs",
    );
    expect(row?.jobs.filter(({ job }) => job.id === id)).toMatchObject([{ resume: null }]);
    const { managedJobToken } = await import("../../lib/server/auth/secrets.ts");
    expect(managedJobToken(id)).toBe(token);
    await act.report(id, { status: "starting" }, token);
    const [after] = await api.supabase.sql<{ jobs: { job: { id: string } }[] }>(
      "select unclaimed_jobs('0 seconds') as jobs",
    );
    expect(after?.jobs.some(({ job }) => job.id === id)).toBe(false);
  });
});
