import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backendJobSchema, backendQueueSchema } from "@signalbox/protocol/service/backend";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackendUnderTest } from "./testing/backend-under-test.ts";
import { FakeDashboard } from "./testing/fake-dashboard.ts";

let dataDir: string;
let dashboard: FakeDashboard;
let backend: BackendUnderTest;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "signalbox-backend-"));
  dashboard = new FakeDashboard();
  backend = new BackendUnderTest(dataDir, {
    SIGNALBOX_MAX_TRAINERS: "2",
    SIGNALBOX_LIMIT_TRAINERS: "1",
  });
  await dashboard.listen();
  await backend.start();
});
afterEach(async () => {
  await backend.signal("SIGKILL");
  await dashboard.close();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const soon = { timeout: 30_000, interval: 20 };
const config = {
  width: 8,
  layers: 1,
  heads: 2,
  batch_size: 8,
  epochs: 100,
  steps_per_epoch: 30,
  eval_samples: 4,
  min_step_ms: 15,
};

async function start(id: string, owner: string, more = {}) {
  const { status, body } = await backend.call("POST", "/v1/jobs", {
    job_id: id,
    owner,
    kind: "sft",
    config: { ...config, ...more },
    dashboard_url: dashboard.url,
    job_token: `token of ${id}`,
  });
  expect([200, 201]).toContain(status);
  return body.status;
}
const stop = (id: string) =>
  backend.call("POST", `/v1/jobs/${id}/commands`, { id: `stop-${id}`, type: "stop" });
const statusOf = async (id: string) =>
  backendJobSchema.parse((await backend.call("GET", `/v1/jobs/${id}`)).body).status;
async function queue() {
  const { running, waiting, ...maxima } = backendQueueSchema.parse(
    (await backend.call("GET", "/v1/queue")).body,
  );
  const ids = (jobs: { job_id: string }[]) => jobs.map(({ job_id }) => job_id);
  return { running: ids(running).sort(), waiting: ids(waiting), ...maxima };
}
/** The statuses that the dashboard was told of a job. */
const reported = (id: string) =>
  dashboard.received
    .filter(({ token, path }) => token === `token of ${id}` && path.endsWith("/status"))
    .map(({ body }) => body.status);

describe("trainers beyond the limits", { timeout: 90_000 }, () => {
  it("wait in the order of their owners' turns, and start when another ends", async () => {
    expect(await start("a1", "ada")).toBe("active");
    expect(await start("a2", "ada")).toBe("queued");
    expect(await start("a3", "ada")).toBe("queued");
    expect(await start("e1", "eve")).toBe("active");
    expect(await start("e2", "eve")).toBe("queued");
    expect(await start("z1", "zoe")).toBe("queued");
    expect(await start("a2", "ada")).toBe("queued");
    expect(await queue()).toEqual({
      maximum: 2,
      maximum_per_user: 1,
      running: ["a1", "e1"],
      waiting: ["z1", "a2", "e2", "a3"],
    });
    expect(reported("z1")).toEqual([]);
    await stop("a1");
    await expect
      .poll(queue, soon)
      .toMatchObject({ running: ["e1", "z1"], waiting: ["a2", "e2", "a3"] });
    await expect.poll(() => reported("z1"), soon).toContain("starting");
    await stop("z1");
    await expect.poll(queue, soon).toMatchObject({ running: ["a2", "e1"], waiting: ["e2", "a3"] });
  });

  it("are stopped while they wait, without a process", async () => {
    await start("a1", "ada");
    await start("a2", "ada");
    expect(
      (await backend.call("POST", "/v1/jobs/a2/commands", { id: "p", type: "pause" })).status,
    ).toBe(409);
    expect((await stop("a2")).body).toMatchObject({ command: { status: "applied", reason: null } });
    expect(await statusOf("a2")).toBe("cancelled");
    await expect.poll(() => reported("a2"), soon).toEqual(["cancelled"]);
    expect(dashboard.ack("stop-a2")).toMatchObject({ status: "applied" });
    expect((await backend.call("DELETE", "/v1/jobs/a2")).status).toBe(200);
    expect(await queue()).toMatchObject({ running: ["a1"], waiting: [] });
  });

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "keep their places over a restart after %s",
    async (signal) => {
      await start("a1", "ada");
      await start("a2", "ada");
      await start("a3", "ada");
      await expect.poll(() => dashboard.points("train/loss").length, soon).toBeGreaterThan(3);
      await backend.signal(signal);
      await backend.start();
      expect(await queue()).toMatchObject({ running: ["a1"], waiting: ["a2", "a3"] });
      await start("a4", "ada");
      await stop("a1");
      await expect.poll(queue, soon).toMatchObject({ running: ["a2"], waiting: ["a3", "a4"] });
    },
  );

  it("wait as resumed runs, too, and continue from their checkpoint", async () => {
    await start("a1", "ada", { epochs: 2 });
    await expect.poll(() => dashboard.points("train/loss").length, soon).toBeGreaterThan(3);
    dashboard.queue("pause", "pause", { mode: "release" });
    await expect.poll(() => statusOf("a1"), soon).toBe("paused");
    await start("a2", "ada");
    const resume = { id: "resume", type: "resume", job_token: "token of a1", attempt: 2 };
    const path = "/v1/jobs/a1/commands";
    expect((await backend.call("POST", path, resume)).status).toBe(202);
    expect((await backend.call("POST", path, resume)).status).toBe(202);
    expect(await queue()).toMatchObject({ running: ["a2"], waiting: ["a1"] });
    await stop("a2");
    await expect.poll(() => dashboard.ack("resume"), soon).toMatchObject({ status: "applied" });
    await expect.poll(() => statusOf("a1"), soon).toBe("succeeded");
  });
});
