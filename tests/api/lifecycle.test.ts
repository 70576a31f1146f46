import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { jobSchema } from "../../lib/contracts/job.ts";
import { expectRefusal, startApi, type TestApi } from "./kit.ts";

describe("the life of a job", () => {
  let api: TestApi;
  let key: string;
  let n = 0;

  beforeAll(async () => {
    api = await startApi();
    key = await api.makeKey(await api.signUp("a"));
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.backend.override = null;
    api.backend.requests.length = 0;
  });

  const post = (
    path: string,
    json: unknown = {},
    as: { key?: string; bearer?: string } = { key },
  ) => api.call("POST", path, { ...as, json });
  const local = (id: string, part: string) => `/api/training/local/${id}/${part}`;
  const jobOf = async (id: string) =>
    (await api.call("GET", `/api/training/${id}`, { key })).as(jobSchema);
  const control = (id: string, action: string, more = {}) =>
    post(local(id, "control"), { action, ...more });
  const report = (id: string, json: object, bearer?: string) =>
    post(local(id, "status"), json, bearer ? { bearer } : { key });
  const ack = (id: string, cid: string, json: object, bearer?: string) =>
    post(local(id, `commands/${cid}/ack`), json, bearer ? { bearer } : { key });
  const next = async (id: string, bearer?: string) => {
    const as = bearer ? { bearer } : { key };
    const reply = await api.call("GET", local(id, "commands/next"), as);
    return (reply.body as { command: { id: string; type: string; status: string } | null }).command;
  };
  const commandsOf = async (id: string) => {
    const { body } = await api.call("GET", local(id, "commands"), { key });
    return (body as { commands: { type: string; status: string; reason: string | null }[] })
      .commands;
  };
  const silence = (id: string, ago: string) =>
    api.supabase.sql(
      `update jobs set heartbeat_at = clock_timestamp() - $2::interval where id = $1`,
      [id, ago],
    );
  const reap = () => api.supabase.sql("select reap_jobs('60 seconds', '1 hour')");

  async function attach(fields: object = {}): Promise<string> {
    n += 1;
    const reply = await post("/api/training/local/jobs", { job_id: `job-${n}`, ...fields });
    expect(reply.status, reply.text).toBe(200);
    return `job-${n}`;
  }

  function lastBody(path: string) {
    const request = api.backend.to("POST", path).at(-1);
    if (!request) throw new Error(`the backend was not sent ${path}`);
    return request.body as { job_id: string; job_token: string };
  }

  /** Starts a job on the recording backend; the token is the one that the backend was given. */
  async function start(): Promise<{ id: string; token: string }> {
    const reply = await post("/api/training/jobs", { kind: "sft" });
    expect(reply.status, reply.text).toBe(201);
    const given = lastBody("/v1/jobs");
    return { id: given.job_id, token: given.job_token };
  }

  async function startRunning() {
    const job = await start();
    await report(job.id, { status: "starting" }, job.token);
    await post(local(job.id, "heartbeat"), {}, { bearer: job.token });
    expect(await jobOf(job.id)).toMatchObject({ status: "running", managed: true });
    return job;
  }

  it("hands a job to the backend with defaults filled in and a token of its own", async () => {
    const json = { kind: "sft", name: "named", config: { epochs: 7 }, tags: ["t"] };
    const started = await post("/api/training/jobs", json);
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

  it("leaves no run behind when the backend refuses its configuration", async () => {
    api.backend.override = ({ path }) =>
      path === "/v1/jobs"
        ? {
            status: 422,
            body: { error: { code: "unsupported", message: "epochs: too many", details: [1] } },
          }
        : undefined;
    const before = await api.supabase.sql("select 1 from jobs");
    const refused = await post("/api/training/jobs", { kind: "sft" });
    expectRefusal(refused, 422);
    expect(refused.body).toMatchObject({ error: { message: "epochs: too many", details: [1] } });
    expect(await api.supabase.sql("select 1 from jobs")).toHaveLength(before.length);
    expectRefusal(await post("/api/training/jobs", { kind: "rl" }), 422);
  });

  it("says that the backend is away, and starts nothing", async () => {
    api.backend.override = () => "hang up";
    expectRefusal(await post("/api/training/jobs", { kind: "sft" }), 503);
    expectRefusal(await api.call("GET", "/api/training/capabilities", { key }), 503);
    api.backend.override = ({ path }) =>
      path === "/v1/capabilities" ? { status: 200, body: "<html>not json" } : undefined;
    expectRefusal(await api.call("GET", "/api/training/capabilities", { key }), 503);
    expectRefusal(await post("/api/training/jobs", { kind: "sft" }), 503);
    api.backend.override = () => ({ status: 401, body: { error: { message: "who?" } } });
    expectRefusal(await api.call("GET", "/api/training/capabilities", { key }), 503);
    expectRefusal(await post("/api/training/jobs", { kind: "sft" }), 503);
  });

  it("keeps a run whose start the backend lost as failed, and retries it as attempt 2", async () => {
    api.backend.override = ({ path }) => (path === "/v1/jobs" ? "hang up" : undefined);
    expectRefusal(await post("/api/training/jobs", { kind: "sft", name: "lost start" }), 503);
    const { body } = await api.call("GET", "/api/training/jobs?q=lost+start", { key });
    const [{ id }] = (body as { jobs: [{ id: string }] }).jobs;
    expect(await jobOf(id)).toMatchObject({
      status: "failed",
      error: "The training backend does not answer.",
    });
    // The backend has never heard of it: it is told all that a start tells.
    api.backend.override = ({ path, method }) =>
      method === "POST" && path.endsWith("/commands")
        ? { status: 404, body: { error: { code: "not_found", message: "there is no job" } } }
        : undefined;
    api.backend.requests.length = 0;
    const resumed = await post(local(id, "resume"));
    expect(resumed.status, resumed.text).toBe(202);
    expect(await jobOf(id)).toMatchObject({ status: "queued", attempt: 2, error: null });
    const [request] = api.backend.to("POST", "/v1/jobs");
    expect(request?.body).toMatchObject({ job_id: id, attempt: 2, kind: "sft" });
    const { job_token } = lastBody("/v1/jobs");
    expect((await report(id, { status: "starting" }, job_token)).status).toBe(200);
    expect((await post(local(id, "heartbeat"), {}, { bearer: job_token })).status).toBe(200);
    expect(await commandsOf(id)).toMatchObject([{ type: "resume", status: "applied" }]);
  });

  it("fails a resume that the backend does not take, with the reason, and takes the next", async () => {
    const { id, token } = await startRunning();
    await report(id, { status: "failed", error: "out of memory", exited: true }, token);
    api.backend.override = ({ path }) => (path.endsWith("/commands") ? "hang up" : undefined);
    expectRefusal(await post(local(id, "resume")), 503);
    expect(await jobOf(id)).toMatchObject({ status: "failed", attempt: 2 });
    expect((await jobOf(id)).error).toContain("does not answer");
    expect(await commandsOf(id)).toMatchObject([{ type: "resume", status: "expired" }]);
    api.backend.override = null;
    expect((await post(local(id, "resume"))).status).toBe(202);
    expect(await jobOf(id)).toMatchObject({ status: "queued", attempt: 3, error: null });
  });

  it("resumes a released run as attempt 2 with a new token; the old one is dead", async () => {
    const { id, token } = await startRunning();
    const paused = await control(id, "pause", { mode: "release", command_id: "p" });
    expect(paused).toMatchObject({ status: 202, body: { command: { status: "pending" } } });
    expect((await jobOf(id)).status).toBe("pausing");
    expect(await next(id, token)).toMatchObject({ id: "p", type: "pause", status: "delivered" });
    const result = { checkpoint_id: "ckpt-1", step: 40 };
    await ack(id, "p", { status: "applied", applied_step: 40, result }, token);
    expect(await jobOf(id)).toMatchObject({ status: "paused", attempt_active: true });
    await report(id, { status: "paused", exited: true, exit_code: 0 }, token);
    expect(await jobOf(id)).toMatchObject({ status: "paused", attempt_active: false });
    // A beat that was under way when the process left does not bring it back.
    await post(local(id, "heartbeat"), {}, { bearer: token });
    expect(await jobOf(id)).toMatchObject({ attempt_active: false });

    const resumed = await post(local(id, "resume"), { checkpoint_id: "ckpt-1", command_id: "r" });
    expect(resumed).toMatchObject({ status: 202, body: { action: "resume" } });
    expect(await jobOf(id)).toMatchObject({ status: "queued", attempt: 2 });
    const [request] = api.backend.to("POST", `/v1/jobs/${id}/commands`);
    expect(request?.body).toMatchObject({
      id: "r",
      type: "resume",
      args: { checkpoint_id: "ckpt-1" },
      attempt: 2,
    });
    const { job_token } = lastBody(`/v1/jobs/${id}/commands`);
    expect(job_token).not.toBe(token);
    for (const path of [local(id, "heartbeat"), local(id, "status")]) {
      expectRefusal(await post(path, {}, { bearer: token }), 401);
    }
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    expectRefusal(await post("/api/training/local/metrics", metrics, { bearer: token }), 401);
    expect(await next(id, job_token)).toBeNull();
    await report(id, { status: "starting" }, job_token);
    await post(local(id, "heartbeat"), {}, { bearer: job_token });
    expect(await jobOf(id)).toMatchObject({ status: "running", attempt_active: true });
    expect((await commandsOf(id)).map(({ type, status }) => [type, status])).toEqual([
      ["resume", "applied"],
      ["pause", "applied"],
    ]);
  });

  it("resumes a held run in its process: same attempt, same token", async () => {
    const { id, token } = await startRunning();
    await control(id, "pause", { command_id: "p" });
    await next(id, token);
    await ack(id, "p", { status: "applied", applied_step: 7 }, token);
    expectRefusal(await control(id, "pause"), 409);
    await control(id, "resume", { command_id: "r" });
    expect(await jobOf(id)).toMatchObject({ status: "queued", attempt: 1, attempt_active: true });
    expect(api.backend.to("POST", `/v1/jobs/${id}/commands`)).toHaveLength(0);
    expect(await next(id, token)).toMatchObject({ id: "r", type: "resume" });
    await ack(id, "r", { status: "applied", applied_step: 7 }, token);
    expect(await jobOf(id)).toMatchObject({ status: "running", attempt: 1 });
  });

  it("tells a held process to stop, also while its resume is under way", async () => {
    for (const managed of [true, false]) {
      const { id, token } = managed ? await startRunning() : await attached();
      await control(id, "pause", { command_id: "p" });
      await ack(id, "p", { status: "applied" }, token);
      await control(id, "resume", { command_id: "r" });
      await control(id, "stop", { command_id: "s" });
      expect((await jobOf(id)).status).toBe("cancelled");
      expect(await next(id, token)).toMatchObject({ id: "s", type: "stop" });
      await ack(id, "s", { status: "applied" }, token);
      await report(id, { status: "cancelled", exited: true, exit_code: 0 }, token);
      const outcomes = (await commandsOf(id)).map(({ type, status }) => [type, status]);
      expect(outcomes).toEqual([
        ["stop", "applied"],
        ["resume", "expired"],
        ["pause", "applied"],
      ]);
    }
  });

  async function attached(): Promise<{ id: string; token: string }> {
    n += 1;
    const id = `job-${n}`;
    const { body } = await post("/api/training/local/jobs", { job_id: id });
    return { id, token: (body as { job_token: string }).job_token };
  }

  it("stops a held run through stopping, a released one at once", async () => {
    const { id, token } = await startRunning();
    await control(id, "pause", { command_id: "p" });
    await ack(id, "p", { status: "applied" }, token);
    const stopped = await control(id, "stop", { command_id: "s", reason: "enough" });
    expect(stopped.status).toBe(202);
    expect((await jobOf(id)).status).toBe("stopping");
    await next(id, token);
    await report(id, { status: "failed", exited: true, exit_code: -15 }, token);
    expect(await jobOf(id)).toMatchObject({ status: "cancelled", error: null });
    expect(await commandsOf(id)).toMatchObject([{ type: "stop", status: "applied" }, {}]);

    const released = await startRunning();
    await control(released.id, "pause", { mode: "release", command_id: "p" });
    await ack(released.id, "p", { status: "applied" }, released.token);
    await report(released.id, { status: "paused", exited: true }, released.token);
    await control(released.id, "stop");
    expect((await jobOf(released.id)).status).toBe("cancelled");
    expect(await commandsOf(released.id)).toMatchObject([{ type: "stop", status: "applied" }, {}]);
  });

  it("goes back to running with the reason when a pause could not be saved", async () => {
    const id = await attach();
    await control(id, "pause", { mode: "release", command_id: "p" });
    await ack(id, "p", { status: "rejected", reason: "the disk is full" });
    expect((await jobOf(id)).status).toBe("running");
    expect(await commandsOf(id)).toMatchObject([
      { status: "rejected", reason: "the disk is full" },
    ]);
  });

  it("does not take a late “running” for giving up a pause", async () => {
    const id = await attach();
    await control(id, "pause", { command_id: "p" });
    await report(id, { status: "running", total_steps: 10 });
    expect(await jobOf(id)).toMatchObject({ status: "pausing", total_steps: 10 });
    await ack(id, "p", { status: "applied" });
    expect((await jobOf(id)).status).toBe("paused");

    const gaveUp = await attach();
    await control(gaveUp, "pause", { command_id: "p" });
    await report(gaveUp, { status: "running", error: "could not save" });
    expect((await jobOf(gaveUp)).status).toBe("running");
    expect(await commandsOf(gaveUp)).toMatchObject([
      { status: "rejected", reason: "could not save" },
    ]);
  });

  it("expires what is open when a run ends, and takes its late answers kindly", async () => {
    const id = await attach({ live_params: { learning_rate: {} } });
    await control(id, "checkpoint", { command_id: "c" });
    await api.call("PATCH", local(id, "update-params"), {
      key,
      json: { learning_rate: 1, command_id: "u" },
    });
    await control(id, "pause", { command_id: "p" });
    await report(id, { status: "succeeded" });
    const commands = await commandsOf(id);
    expect(commands.map(({ status }) => status)).toEqual(["expired", "expired", "expired"]);
    expect(commands[0]?.reason).toBe("The run ended first: succeeded.");
    expect(await ack(id, "c", { status: "applied" })).toMatchObject({
      status: 200,
      body: { command: { status: "expired" } },
    });
    expect(await next(id)).toBeNull();
  });

  it("gives an unanswered command out again, and takes one answer only", async () => {
    const id = await attach();
    await control(id, "checkpoint", { command_id: "c1" });
    await control(id, "checkpoint", { command_id: "c2" });
    expect(await next(id)).toMatchObject({ id: "c1" });
    expect(await next(id)).toMatchObject({ id: "c2" });
    expect(await next(id)).toBeNull();
    await api.supabase.sql(
      "update commands set delivered_at = delivered_at - interval '31 seconds' where id = 'c1'",
    );
    expect(await next(id)).toMatchObject({ id: "c1", status: "delivered" });
    const applied = { status: "applied", applied_step: 5, result: { checkpoint_id: "k" } };
    const first = await ack(id, "c1", applied);
    expect(first).toMatchObject({ status: 200, body: { command: { applied_step: 5 } } });
    expect((await ack(id, "c1", applied)).body).toEqual(first.body);
    expectRefusal(await ack(id, "c1", { status: "rejected", reason: "no" }), 409);
    expect(await next(id)).toBeNull();
  });

  it("answers a waiting trainer as soon as a command comes, and lets it go when it leaves", async () => {
    const id = await attach();
    const path = `${local(id, "commands/next")}?wait=20`;
    const waiting = api.call("GET", path, { key });
    await control(id, "checkpoint", { command_id: "c" });
    expect(await waiting).toMatchObject({ status: 200, body: { command: { id: "c" } } });
    const controller = new AbortController();
    const left = api.call("GET", path, { key, signal: controller.signal });
    controller.abort();
    expect(await left).toMatchObject({ body: { command: null } });
  });

  it("changes live parameters within their range, and says what the trainer takes", async () => {
    const id = await attach({ live_params: { learning_rate: { min: 0, max: 1 }, free: {} } });
    const patch = (json: object) => api.call("PATCH", local(id, "update-params"), { key, json });
    const refused = await patch({ momentum: 0.9 });
    expectRefusal(refused, 422);
    expect(refused.text).toMatch(/It takes: (learning_rate, free|free, learning_rate)/);
    for (const value of [-1, 2, "0.5", true]) {
      expectRefusal(await patch({ learning_rate: value }), 422);
    }
    expectRefusal(await patch({}), 400);
    const asked = await patch({ learning_rate: 0.5, free: "text", command_id: "u", reason: "try" });
    expect(asked).toMatchObject({
      status: 202,
      body: { action: "update_params", command: { args: { learning_rate: 0.5, free: "text" } } },
    });
    const answer = { old: { learning_rate: 0.1 }, new: { learning_rate: 0.5 }, applied_step: 9 };
    await ack(id, "u", { status: "applied", ...answer });
    expect(await jobOf(id)).toMatchObject({ params: { learning_rate: 0.5 } });
    const undeclared = await attach();
    const path = local(undeclared, "update-params");
    const none = await api.call("PATCH", path, { key, json: { learning_rate: 1 } });
    expectRefusal(none, 422);
    expect(none.text).toContain("none");
  });

  it("forbids what a state does not allow, and names the state", async () => {
    const id = await attach({ live_params: { learning_rate: {} } });
    await report(id, { status: "succeeded" });
    for (const action of ["pause", "resume", "stop", "cancel", "checkpoint"]) {
      const refused = await control(id, action);
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({ error: { details: { status: "succeeded" } } });
      expect(refused.text).toContain("succeeded");
    }
    const params = { key, json: { learning_rate: 1 } };
    expectRefusal(await api.call("PATCH", local(id, "update-params"), params), 409);
    for (const status of ["running", "failed", "cancelled", "paused", "queued"]) {
      const refused = await report(id, { status });
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({ error: { details: { status: "succeeded" } } });
    }
    expect((await report(id, { status: "completed" })).status).toBe(200);
    expectRefusal(await post("/api/training/local/jobs", { job_id: id, status: "running" }), 409);
  });

  it("deletes a run that has ended with all its rows, and none that is active", async () => {
    const { id, token } = await startRunning();
    const remove = () => api.call("DELETE", `/api/training/${id}`, { key });
    const states: [string, () => Promise<unknown>][] = [
      ["running", async () => undefined],
      ["pausing", () => control(id, "pause", { command_id: "p" })],
      ["paused", () => ack(id, "p", { status: "applied" }, token)],
      ["stopping", () => control(id, "stop")],
    ];
    for (const [status, reach] of states) {
      await reach();
      const refused = await remove();
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({ error: { details: { status } } });
    }
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    await post("/api/training/local/metrics", metrics, { bearer: token });
    await report(id, { status: "cancelled", exited: true }, token);
    const [job] = await api.supabase.sql<{ key: number }>("select key from jobs where id = $1", [
      id,
    ]);
    expect(await remove()).toMatchObject({ status: 200, body: { success: true } });
    expectRefusal(await remove(), 404);
    const tables = await api.supabase.sql<{ name: string }>(
      `select table_name as name from information_schema.columns
        where table_schema = 'public' and column_name = 'job_key'`,
    );
    for (const { name } of tables) {
      const left = await api.supabase.sql(`select 1 from ${name} where job_key = $1`, [job?.key]);
      expect([name, left]).toEqual([name, []]);
    }
    expect(api.backend.to("DELETE", `/v1/jobs/${id}`)).toHaveLength(1);
    expectRefusal(await post(local(id, "heartbeat"), {}, { bearer: token }), 401);
  });

  it("answers what comes while a run is being deleted as if it were gone", async () => {
    const id = await attach();
    await control(id, "checkpoint");
    await report(id, { exited: true });
    await api.supabase.sql("update jobs set status = 'failed' where id = $1", [id]);
    const session = api.supabase.connect();
    await session.sql("begin");
    await session.sql("select delete_job(user_id, id) from jobs where id = $1", [id]);
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    const late = [
      post("/api/training/local/metrics", metrics),
      post(local(id, "logs"), { logs: ["late"] }),
      post(local(id, "heartbeat")),
      report(id, { phase: "late" }),
      control(id, "resume"),
      api.call("GET", local(id, "commands/next"), { key }),
      api.call("PUT", `/api/training/${id}`, { key, json: { notes: "late" } }),
      api.call("DELETE", `/api/training/${id}`, { key }),
    ];
    const waiting = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`;
    const blocked = async () => (await api.supabase.sql<{ n: number }>(waiting))[0]?.n;
    await expect.poll(blocked, { timeout: 20_000 }).toBeGreaterThanOrEqual(6);
    await session.sql("commit");
    for (const reply of await Promise.all(late)) expectRefusal(reply);
  });

  it("deletes a run also when the backend is away, which only keeps its files", async () => {
    const { id, token } = await startRunning();
    await report(id, { status: "failed", exited: true }, token);
    api.backend.override = () => "hang up";
    expect((await api.call("DELETE", `/api/training/${id}`, { key })).status).toBe(200);
  });

  it("says when the backend no longer has the run that is to be resumed", async () => {
    const { id, token } = await startRunning();
    await report(id, { status: "failed", exited: true }, token);
    api.backend.override = () => ({ status: 404, body: { error: { message: "no job" } } });
    expectRefusal(await post(local(id, "resume")), 409);
    expect(await jobOf(id)).toMatchObject({
      status: "failed",
      error: "The training backend no longer has this run.",
    });
  });

  it("gives an id that is used again another generation", async () => {
    const id = await attach();
    const before = (await jobOf(id)).generation;
    await report(id, { status: "succeeded" });
    await api.call("DELETE", `/api/training/${id}`, { key });
    await post("/api/training/local/jobs", { job_id: id });
    const after = await jobOf(id);
    expect(after).toMatchObject({ last_seq: 1, status: "running" });
    expect(after.generation).not.toBe(before);
  });

  it("lets an attached script that was started again go on as the next attempt", async () => {
    const id = await attach({ status: "running", name: "first" });
    await report(id, { status: "failed", error: "boom", exited: true });
    const { body } = await post("/api/training/local/jobs", { job_id: id, status: "running" });
    expect(await jobOf(id)).toMatchObject({
      status: "running",
      attempt: 2,
      name: "first",
      error: null,
    });
    const { job_token } = body as { job_token: string };
    await control(id, "pause", { command_id: "p" });
    await ack(id, "p", { status: "applied" }, job_token);
    // Killed while held, nobody said so: attaching again is proof enough.
    await post("/api/training/local/jobs", { job_id: id, status: "running" });
    expect(await jobOf(id)).toMatchObject({ status: "running", attempt: 3 });
    // Asking for a new token alone starts nothing.
    await post("/api/training/local/jobs", { job_id: id });
    expect(await jobOf(id)).toMatchObject({ status: "running", attempt: 3 });
    expectRefusal(await control(id, "resume"), 409);
  });

  it("says why a run that its own script released cannot be resumed from here", async () => {
    const id = await attach();
    await control(id, "pause", { mode: "release", command_id: "p" });
    await ack(id, "p", { status: "applied" });
    await report(id, { status: "paused", exited: true });
    const refused = await control(id, "resume");
    expectRefusal(refused, 409);
    expect(refused.text).toContain("its own script");
  });

  it("counts a silent run as lost, takes it back when it speaks, and fails it in the end", async () => {
    const id = await attach();
    await silence(id, "59 seconds");
    await reap();
    expect((await jobOf(id)).status).toBe("running");
    await silence(id, "61 seconds");
    await Promise.all([reap(), reap(), reap()]);
    expect((await jobOf(id)).status).toBe("lost");
    await post(local(id, "heartbeat"));
    expect((await jobOf(id)).status).toBe("running");
    await silence(id, "61 seconds");
    await reap();
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    await post("/api/training/local/metrics", metrics);
    expect((await jobOf(id)).status).toBe("running");
    await silence(id, "61 seconds");
    await reap();
    await silence(id, "61 minutes");
    await reap();
    expect(await jobOf(id)).toMatchObject({
      status: "failed",
      error: "No sign of life for 3600 s.",
    });
    const rows = await api.supabase.sql<{ to: string }>(
      `select payload ->> 'to' as to from job_stream s join jobs j on j.key = s.job_key
        where j.id = $1 and stream = 'status' order by seq`,
      [id],
    );
    expect(rows.map(({ to }) => to)).toEqual(
      "running lost running lost running lost failed".split(" "),
    );
  });

  it("settles what a silent trainer was about to do, and leaves a held run alone", async () => {
    const pausing = await attach();
    await control(pausing, "pause", { command_id: "p" });
    const stopping = await attach();
    await control(stopping, "stop");
    const held = await attach();
    await control(held, "pause", { command_id: "p" });
    await ack(held, "p", { status: "applied" });
    for (const id of [pausing, stopping, held]) await silence(id, "2 hours");
    await reap();
    expect((await jobOf(pausing)).status).toBe("lost");
    expect(await commandsOf(pausing)).toMatchObject([{ status: "rejected" }]);
    expect((await jobOf(stopping)).status).toBe("cancelled");
    expect(await commandsOf(stopping)).toMatchObject([{ status: "applied" }]);
    expect((await jobOf(held)).status).toBe("paused");
    // It had paused all the same, and says so when the network is back.
    await report(pausing, { status: "paused", exited: true });
    expect(await jobOf(pausing)).toMatchObject({ status: "paused", attempt_active: false });
  });

  it("hands over again what no backend has claimed, with the very same token", async () => {
    const { id, token } = await start();
    const { startJobWatch } = await import("../../lib/server/jobs/watch-jobs.ts");
    expect(startJobWatch).toBeTypeOf("function");
    const [row] = await api.supabase.sql<{ jobs: { job: { id: string }; resume: unknown }[] }>(
      "select unclaimed_jobs('0 seconds') as jobs",
    );
    expect(row?.jobs.filter(({ job }) => job.id === id)).toMatchObject([{ resume: null }]);
    const { managedJobToken } = await import("../../lib/server/auth/secrets.ts");
    expect(managedJobToken(id, "start")).toBe(token);
    await report(id, { status: "starting" }, token);
    const [after] = await api.supabase.sql<{ jobs: { job: { id: string } }[] }>(
      "select unclaimed_jobs('0 seconds') as jobs",
    );
    expect(after?.jobs.some(({ job }) => job.id === id)).toBe(false);
  });
});
