import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobDriver } from "./job-driver.ts";
import { startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

describe("the routes that clients of other dashboards use", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  });
  afterAll(() => api.close());

  const running = () =>
    act.attach({ status: "running", live_params: { learning_rate: { min: 0, max: 1 } } });
  const change = (id: string, json: unknown) =>
    api.call("PATCH", act.local(id, "update-params"), { key, json });

  it("count null in control bodies as absent, and ignore checkpoint_path", async () => {
    const id = await running();
    const paused = await act.post(act.local(id, "control"), {
      action: "pause",
      mode: null,
      reason: null,
      checkpoint_path: "/runs/checkpoint-500",
    });
    expect(paused).toMatchObject({ status: 202, body: { command: { args: { mode: "hold" } } } });
    await act.report(id, { status: "paused" });
    const resumed = await act.post(act.local(id, "resume"), {
      checkpoint_path: null,
      resume_from_best: null,
    });
    expect(resumed).toMatchObject({
      status: 202,
      body: { action: "resume", command: { args: {} } },
    });
  });

  it("count null as absent among the parameters, too", async () => {
    const id = await running();
    const values = { learning_rate: 0.001, batch_size: null, warmup_steps: null };
    expect(await change(id, values)).toMatchObject({
      status: 202,
      body: { command: { args: { learning_rate: 0.001 } } },
    });
    expectRefusal(await change(id, { learning_rate: null, checkpoint_path: "x" }), 400);
  });

  it("refuse control bodies with any other unknown field", async () => {
    const id = await running();
    const refused = await act.post(act.local(id, "control"), { action: "pause", force: true });
    expectRefusal(refused, 400);
    expect(refused.text).toContain("force");
    expectRefusal(await act.post(act.local(id, "resume"), { resume_from_best: true }), 400);
    expectRefusal(await change(id, { batch_size: 8 }), 422);
    for (const body of [null, [], "pause"]) {
      expectRefusal(await act.post(act.local(id, "control"), body), 400);
    }
  });

  it("report a status by PATCH as by POST", async () => {
    const id = await running();
    const { body } = await act.post("/api/training/local/jobs", { job_id: id });
    const { job_token } = body as { job_token: string };
    const reply = await api.call("PATCH", act.local(id, "status"), {
      bearer: job_token,
      json: { status: "failed", error: "boom" },
    });
    expect(reply).toMatchObject({ status: 200, body: { success: true, status: "failed" } });
    const status = await api.call("GET", act.local(id, "status"), { key });
    expect(status.body).toMatchObject({ status: "failed", error: "boom", error_message: "boom" });
    expect(status.body).toMatchObject({ completed_at: expect.any(String) });
  });

  it("list runs below local as elsewhere", async () => {
    const list = (path: string) => api.call("GET", `${path}?limit=2&offset=1`, { key });
    const [local, all] = [await list("/api/training/local/jobs"), await list("/api/training/jobs")];
    const ids = ({ body }: { body: unknown }) =>
      (body as { jobs: { id: string }[] }).jobs.map(({ id }) => id);
    expect(ids(local)).toHaveLength(2);
    expect(ids(local)).toEqual(ids(all));
  });
});
