import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

describe("the life cycle of a job", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  });
  afterAll(() => api.close());
  beforeEach(() => api.backend.forget());

  it("goes back to running with the reason when a pause could not be saved", async () => {
    const id = await act.attach();
    await act.control(id, "pause", { mode: "release", command_id: "p" });
    await act.ack(id, "p", { status: "rejected", reason: "the disk is full" });
    expect((await act.jobOf(id)).status).toBe("running");
    expect(await act.commandsOf(id)).toMatchObject([
      { status: "rejected", reason: "the disk is full" },
    ]);
  });

  it("does not treat a late “running” as a cancelled pause", async () => {
    const id = await act.attach();
    await act.control(id, "pause", { command_id: "p" });
    await act.report(id, { status: "running", total_steps: 10 });
    expect(await act.jobOf(id)).toMatchObject({ status: "pausing", total_steps: 10 });
    await act.ack(id, "p", { status: "applied" });
    expect((await act.jobOf(id)).status).toBe("paused");

    const gaveUp = await act.attach();
    await act.control(gaveUp, "pause", { command_id: "p" });
    await act.report(gaveUp, { status: "running", error: "could not save" });
    expect((await act.jobOf(gaveUp)).status).toBe("running");
    expect(await act.commandsOf(gaveUp)).toMatchObject([
      { status: "rejected", reason: "could not save" },
    ]);
  });

  it("expires open commands when a run ends, and accepts late answers to them", async () => {
    const id = await act.attach({ live_params: { learning_rate: {} } });
    await act.control(id, "checkpoint", { command_id: "c" });
    await api.call("PATCH", act.local(id, "update-params"), {
      key,
      json: { learning_rate: 1, command_id: "u" },
    });
    await act.control(id, "pause", { command_id: "p" });
    await act.report(id, { status: "succeeded" });
    const commands = await act.commandsOf(id);
    expect(commands.map(({ status }) => status)).toEqual(["expired", "expired", "expired"]);
    expect(commands[0]?.reason).toBe("The run ended first: succeeded.");
    expect(await act.ack(id, "c", { status: "applied" })).toMatchObject({
      status: 200,
      body: { command: { status: "expired" } },
    });
    expect(await act.next(id)).toBeNull();
  });

  it("redelivers an unanswered command, and accepts one answer only", async () => {
    const id = await act.attach();
    await act.control(id, "checkpoint", { command_id: "c1" });
    await act.control(id, "checkpoint", { command_id: "c2" });
    expect(await act.next(id)).toMatchObject({ id: "c1" });
    expect(await act.next(id)).toMatchObject({ id: "c2" });
    expect(await act.next(id)).toBeNull();
    await api.supabase.sql(
      "update commands set delivered_at = delivered_at - interval '31 seconds' where id = 'c1'",
    );
    expect(await act.next(id)).toMatchObject({ id: "c1", status: "delivered" });
    const applied = { status: "applied", applied_step: 5, result: { checkpoint_id: "k" } };
    const first = await act.ack(id, "c1", applied);
    expect(first).toMatchObject({ status: 200, body: { command: { applied_step: 5 } } });
    expect((await act.ack(id, "c1", applied)).body).toEqual(first.body);
    expectRefusal(await act.ack(id, "c1", { status: "rejected", reason: "no" }), 409);
    expect(await act.next(id)).toBeNull();
  });

  it("answers a long poll as soon as a command arrives, and ends it on disconnect", async () => {
    const id = await act.attach();
    const path = `${act.local(id, "commands/next")}?wait=20`;
    const waiting = api.call("GET", path, { key });
    await act.control(id, "checkpoint", { command_id: "c" });
    expect(await waiting).toMatchObject({ status: 200, body: { command: { id: "c" } } });
    const controller = new AbortController();
    const left = api.call("GET", path, { key, signal: controller.signal });
    controller.abort();
    expect(await left).toMatchObject({ body: { command: null } });
  });

  it("changes live parameters within their range, and lists those of the trainer", async () => {
    const id = await act.attach({ live_params: { learning_rate: { min: 0, max: 1 }, free: {} } });
    const patch = (json: object) =>
      api.call("PATCH", act.local(id, "update-params"), { key, json });
    const refused = await patch({ momentum: 0.9 });
    expectRefusal(refused, 422);
    expect(refused.text).toMatch(/Live parameters: (learning_rate, free|free, learning_rate)/);
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
    await act.ack(id, "u", { status: "applied", ...answer });
    expect(await act.jobOf(id)).toMatchObject({ params: { learning_rate: 0.5 } });
    const undeclared = await act.attach();
    const path = act.local(undeclared, "update-params");
    const none = await api.call("PATCH", path, { key, json: { learning_rate: 1 } });
    expectRefusal(none, 422);
    expect(none.text).toContain("none");
  });

  it("rejects what a state does not allow, and names the state", async () => {
    const id = await act.attach({ live_params: { learning_rate: {} } });
    await act.report(id, { status: "succeeded" });
    for (const action of ["pause", "resume", "stop", "cancel", "checkpoint"]) {
      const refused = await act.control(id, action);
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({ error: { details: { status: "succeeded" } } });
      expect(refused.text).toContain("succeeded");
    }
    const params = { key, json: { learning_rate: 1 } };
    expectRefusal(await api.call("PATCH", act.local(id, "update-params"), params), 409);
    for (const status of ["running", "failed", "cancelled", "paused", "queued"]) {
      const refused = await act.report(id, { status });
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({ error: { details: { status: "succeeded" } } });
    }
    expect((await act.report(id, { status: "completed" })).status).toBe(200);
    expectRefusal(
      await act.post("/api/training/local/jobs", { job_id: id, status: "running" }),
      409,
    );
  });

  it("deletes an ended run with all its rows, but no active one", async () => {
    const { id, token } = await act.startRunning();
    const remove = () => api.call("DELETE", `/api/training/${id}`, { key });
    const states: [string, () => Promise<unknown>][] = [
      ["running", async () => undefined],
      ["pausing", () => act.control(id, "pause", { command_id: "p" })],
      ["paused", () => act.ack(id, "p", { status: "applied" }, token)],
      ["stopping", () => act.control(id, "stop")],
    ];
    for (const [status, reach] of states) {
      await reach();
      const refused = await remove();
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({ error: { details: { status } } });
    }
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    await act.post("/api/training/local/metrics", metrics, { bearer: token });
    await act.report(id, { status: "cancelled", exited: true }, token);
    const [job] = await api.supabase.sql<{ key: number }>("select key from jobs where id = $1", [
      id,
    ]);
    expect(await remove()).toMatchObject({ status: 200, body: { success: true } });
    expectRefusal(await remove(), 404);
    const { removeRows } = await import("../../lib/server/retention/apply-retention.ts");
    while (await removeRows()) {}
    const tables = await api.supabase.sql<{ name: string }>(
      `select table_name as name from information_schema.columns
        where table_schema = 'public' and column_name = 'job_key'`,
    );
    for (const { name } of tables) {
      const left = await api.supabase.sql(`select 1 from ${name} where job_key = $1`, [job?.key]);
      expect([name, left]).toEqual([name, []]);
    }
    expect(api.backend.to("DELETE", `/v1/jobs/${id}`)).toHaveLength(1);
    expectRefusal(await act.post(act.local(id, "heartbeat"), {}, { bearer: token }), 401);
  });

  it("answers requests during the deletion of a run as if it did not exist", async () => {
    const id = await act.attach();
    await act.control(id, "checkpoint");
    await act.report(id, { exited: true });
    await api.supabase.sql("update jobs set status = 'failed' where id = $1", [id]);
    const session = api.supabase.connect();
    await session.sql("begin");
    await session.sql("select delete_job(user_id, id) from jobs where id = $1", [id]);
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    const late = [
      act.post("/api/training/local/metrics", metrics),
      act.post(act.local(id, "logs"), { logs: ["late"] }),
      act.post(act.local(id, "heartbeat")),
      act.report(id, { phase: "late" }),
      act.control(id, "resume"),
      api.call("GET", act.local(id, "commands/next"), { key }),
      api.call("PUT", `/api/training/${id}`, { key, json: { notes: "late" } }),
      api.call("DELETE", `/api/training/${id}`, { key }),
    ];
    const waiting = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`;
    const blocked = async () => (await api.supabase.sql<{ n: number }>(waiting))[0]?.n;
    await expect.poll(blocked, { timeout: 20_000 }).toBeGreaterThanOrEqual(6);
    await session.sql("commit");
    for (const reply of await Promise.all(late)) expectRefusal(reply);
  });

  it("gives a reused id another generation", async () => {
    const id = await act.attach();
    const before = (await act.jobOf(id)).generation;
    await act.report(id, { status: "succeeded" });
    await api.call("DELETE", `/api/training/${id}`, { key });
    await act.post("/api/training/local/jobs", { job_id: id });
    const after = await act.jobOf(id);
    expect(after).toMatchObject({ last_seq: 1, status: "running" });
    expect(after.generation).not.toBe(before);
  });

  it("continues a restarted attached script as the next attempt", async () => {
    const id = await act.attach({ status: "running", name: "first" });
    await act.report(id, { status: "failed", error: "boom", exited: true });
    const { body } = await act.post("/api/training/local/jobs", { job_id: id, status: "running" });
    expect(await act.jobOf(id)).toMatchObject({
      status: "running",
      attempt: 2,
      name: "first",
      error: null,
    });
    const { job_token } = body as { job_token: string };
    await act.control(id, "pause", { command_id: "p" });
    await act.ack(id, "p", { status: "applied" }, job_token);
    // Killed while held, without an exit report: attaching again implies the exit.
    await act.post("/api/training/local/jobs", { job_id: id, status: "running" });
    expect(await act.jobOf(id)).toMatchObject({ status: "running", attempt: 3 });
    // Requesting a new token alone does not start an attempt.
    await act.post("/api/training/local/jobs", { job_id: id });
    expect(await act.jobOf(id)).toMatchObject({ status: "running", attempt: 3 });
    expectRefusal(await act.control(id, "resume"), 409);
  });

  it("says why a run that its own script released cannot be resumed by the dashboard", async () => {
    const id = await act.attach();
    await act.control(id, "pause", { mode: "release", command_id: "p" });
    await act.ack(id, "p", { status: "applied" });
    await act.report(id, { status: "paused", exited: true });
    const refused = await act.control(id, "resume");
    expectRefusal(refused, 409);
    expect(refused.text).toContain("Restart the script");
  });

  it("marks a silent run as lost, as running when it reports again, and as failed in the end", async () => {
    const id = await act.attach();
    await act.silence(id, "59 seconds");
    await act.reap();
    expect((await act.jobOf(id)).status).toBe("running");
    await act.silence(id, "61 seconds");
    await Promise.all([act.reap(), act.reap(), act.reap()]);
    expect((await act.jobOf(id)).status).toBe("lost");
    await act.post(act.local(id, "heartbeat"));
    expect((await act.jobOf(id)).status).toBe("running");
    await act.silence(id, "61 seconds");
    await act.reap();
    const metrics = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
    await act.post("/api/training/local/metrics", metrics);
    expect((await act.jobOf(id)).status).toBe("running");
    await act.silence(id, "61 seconds");
    await act.reap();
    await act.silence(id, "61 minutes");
    await act.reap();
    expect(await act.jobOf(id)).toMatchObject({
      status: "failed",
      error: "No heartbeat for 3600 s.",
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

  it("resolves the pending commands of a silent trainer, and ignores a held run", async () => {
    const pausing = await act.attach();
    await act.control(pausing, "pause", { command_id: "p" });
    const stopping = await act.attach();
    await act.control(stopping, "stop");
    const held = await act.attach();
    await act.control(held, "pause", { command_id: "p" });
    await act.ack(held, "p", { status: "applied" });
    for (const id of [pausing, stopping, held]) await act.silence(id, "2 hours");
    await act.reap();
    expect((await act.jobOf(pausing)).status).toBe("lost");
    expect(await act.commandsOf(pausing)).toMatchObject([{ status: "rejected" }]);
    expect((await act.jobOf(stopping)).status).toBe("cancelled");
    expect(await act.commandsOf(stopping)).toMatchObject([{ status: "applied" }]);
    expect((await act.jobOf(held)).status).toBe("paused");
    // It had paused nevertheless, and reports that when the network is back.
    await act.report(pausing, { status: "paused", exited: true });
    expect(await act.jobOf(pausing)).toMatchObject({ status: "paused", attempt_active: false });
  });
});
