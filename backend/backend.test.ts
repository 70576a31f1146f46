import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  backendCheckpointsSchema,
  backendErrorSchema,
  backendJobSchema,
  capabilitiesSchema,
} from "@signalbox/protocol/service/backend";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { jobRecordSchema } from "./jobs/job-record.ts";
import { BackendUnderTest } from "./testing/backend-under-test.ts";
import { FakeDashboard } from "./testing/fake-dashboard.ts";
import { trainers } from "./trainers/registry.ts";

let dataDir: string;
let dashboard: FakeDashboard;
let backend: BackendUnderTest;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "signalbox-backend-"));
  dashboard = new FakeDashboard();
  backend = new BackendUnderTest(dataDir);
  await dashboard.listen();
  await backend.start();
});
afterEach(async () => {
  await backend.signal("SIGKILL");
  await dashboard.close();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const tiny = {
  width: 8,
  layers: 1,
  heads: 2,
  batch_size: 8,
  epochs: 2,
  steps_per_epoch: 30,
  warmup_steps: 5,
  eval_samples: 4,
  min_step_ms: 15,
};

function start(
  id: string,
  config: Record<string, unknown> = {},
  kind = "sft",
  owner: string | undefined = "ada",
) {
  return backend.call("POST", "/v1/jobs", {
    job_id: id,
    owner,
    kind,
    config: { ...tiny, ...config },
    dashboard_url: dashboard.url,
    job_token: "token-1",
    attempt: 1,
  });
}

const soon = { timeout: 30_000, interval: 20 };
const steps = (name = "train/loss") => dashboard.points(name).map((p) => p.step);
const positionSchema = z.object({
  step: z.number(),
  total_steps: z.number(),
  loss: z.number().optional(),
});
const eventSteps = (type: string) =>
  dashboard.events(type).map(({ data }) => positionSchema.parse(data).step);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const reached = (step: number) =>
  expect.poll(() => Math.max(0, ...steps()), soon).toBeGreaterThanOrEqual(step);
const status = (name: string) => expect.poll(() => dashboard.statuses(), soon).toContain(name);
const job = async (id: string) =>
  backendJobSchema.parse((await backend.call("GET", `/v1/jobs/${id}`)).body);

/** The loss curve of the same settings, trained in this process without interruption. */
async function uninterrupted() {
  const trainer = await trainers.configure({ kind: "sft", config: tiny }).create(null);
  return new Map(upTo(60).map((step) => [step, trainer.trainStep().metrics["train/loss"]]));
}

describe("the training backend", { timeout: 120_000 }, () => {
  it("trains, reports every step in order, and ends as succeeded", async () => {
    expect((await start("run")).status).toBe(201);
    await status("succeeded");
    expect(steps()).toEqual(upTo(60));
    expect(dashboard.statuses()).toEqual(["starting", "running", "succeeded"]);
    const losses = dashboard.points("train/loss").map((p) => p.value);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
    for (const name of ["eval/loss", "eval/exact_match", "eval/char_error_rate"]) {
      expect(steps(name)).toEqual([0, 30, 60]);
    }
    expect(dashboard.logs()).toContain("epoch 2/2");
    const predictions = dashboard.predictions();
    const samples = new Set(predictions.map((p) => p.sample_index)).size;
    expect(predictions.map((p) => p.step)).toEqual(
      [0, 30, 60].flatMap((step) => Array.from({ length: samples }, () => step)),
    );
    expect(predictions[0]).toMatchObject({
      sample_index: 0,
      epoch: 0,
      prompt: expect.stringMatching(/^[a-z]+$/),
      ground_truth: expect.stringMatching(/^[A-Z ]+$/),
      tokens: expect.any(Number),
      latency_ms: expect.any(Number),
    });
    const { checkpoints } = backendCheckpointsSchema.parse(
      (await backend.call("GET", "/v1/jobs/run/checkpoints")).body,
    );
    expect(checkpoints.map((c) => [c.step, c.verified])).toEqual([
      [0, true],
      [30, true],
      [60, true],
    ]);
    const again = await start("run");
    expect(again).toMatchObject({ status: 200, body: { job_id: "run", status: "succeeded" } });
    expect(steps()).toEqual(upTo(60));
  });

  it("says in events how far training is, with the figures of the metrics", async () => {
    await start("run", { min_step_ms: 0 });
    await status("succeeded");
    expect(dashboard.events("sft.training.started")).toHaveLength(1);
    const loss = dashboard.curve("train/loss");
    const progress = eventSteps("sft.progress");
    expect(progress.slice(0, 1)).toEqual([1]);
    expect(progress.at(-1)).toBe(60);
    expect(progress.length).toBeGreaterThan(25);
    expect(eventSteps("sft.loss")).toEqual(progress);
    for (const { message, data } of dashboard.events("sft.loss")) {
      const { step, total_steps, loss: value } = positionSchema.parse(data);
      expect([total_steps, value]).toEqual([60, loss.get(step)]);
      expect(message).toBe(`Step ${step}: loss ${value?.toFixed(4)}`);
    }
    const exact = dashboard.points("eval/exact_match");
    expect(dashboard.events("sft.validation.summary").map(({ data }) => data)).toMatchObject(
      exact.map(({ step, value }) => ({ step, exact_match: value, samples: 4, epoch: step / 30 })),
    );
  });

  it("holds at a step boundary, and resumes bit-exactly", async () => {
    await start("run");
    await reached(10);
    dashboard.queue("c1", "pause", { mode: "hold" });
    await expect.poll(() => dashboard.ack("c1"), soon).toMatchObject({ status: "applied" });
    const at = Number(dashboard.ack("c1")?.applied_step);
    expect(Math.max(...steps())).toBe(at);
    expect(await job("run")).toMatchObject({ held: true, step: at, phase: "paused" });
    dashboard.queue("c2", "resume");
    await status("succeeded");
    expect(dashboard.ack("c2")).toMatchObject({ status: "applied", applied_step: at });
    expect(steps()).toEqual(upTo(60));
    expect(dashboard.curve("train/loss")).toEqual(await uninterrupted());
  });

  it("releases the process after a verified checkpoint, and resumes as attempt 2", async () => {
    dashboard.tokens = new Set(["token-1"]);
    await start("run");
    await reached(10);
    dashboard.queue("c1", "pause", { mode: "release" });
    await status("paused");
    const ack = dashboard.ack("c1");
    expect(ack).toMatchObject({ status: "applied", result: { step: ack?.applied_step } });
    expect(await job("run")).toMatchObject({ status: "paused", attempt: 1 });
    dashboard.tokens = new Set(["token-2"]);
    const resume = { id: "c2", type: "resume", job_token: "token-2", attempt: 2 };
    expect((await backend.call("POST", "/v1/jobs/run/commands", resume)).status).toBe(202);
    expect((await backend.call("POST", "/v1/jobs/run/commands", resume)).status).toBe(202);
    await status("succeeded");
    expect(dashboard.ack("c2")).toMatchObject({ applied_step: ack?.applied_step });
    expect(steps()).toEqual(upTo(60));
    expect((await job("run")).attempt).toBe(2);
    dashboard.tokens = null;
    expect(dashboard.curve("train/loss")).toEqual(await uninterrupted());
  });

  it("stops with a checkpoint, and reports cancelled", async () => {
    await start("run", { epochs: 100 });
    await reached(5);
    dashboard.queue("c1", "stop");
    await status("cancelled");
    const at = Number(dashboard.ack("c1")?.applied_step);
    expect(Math.max(...steps())).toBe(at);
    const { body } = await backend.call("GET", "/v1/jobs/run/checkpoints");
    expect(backendCheckpointsSchema.parse(body).checkpoints.at(-1)).toMatchObject({ step: at });
    expect((await backend.call("DELETE", "/v1/jobs/run")).status).toBe(200);
    expect((await backend.call("GET", "/v1/jobs/run")).status).toBe(404);
  });

  it("changes the learning rate from the step that it names, and refuses other parameters", async () => {
    await start("run", { warmup_steps: 40, learning_rate: 0.001 });
    await reached(10);
    dashboard.queue("c1", "update_params", { learning_rate: 0.02 });
    dashboard.queue("c2", "update_params", { width: 99 });
    dashboard.queue("c3", "update_params", { learning_rate: "fast" });
    await status("succeeded");
    const rates = new Map(dashboard.points("train/learning_rate").map((p) => [p.step, p.value]));
    const ack = dashboard.ack("c1");
    const at = Number(ack?.applied_step);
    expect(ack).toMatchObject({ status: "applied", new: { learning_rate: 0.02 } });
    expect(rates.get(at)).toBe(0.02);
    expect(rates.get(at - 1)).toBeLessThan(0.001);
    expect(dashboard.ack("c2")).toMatchObject({ status: "rejected" });
    expect(String(dashboard.ack("c2")?.reason)).toContain("learning_rate");
    expect(dashboard.ack("c3")).toMatchObject({ status: "rejected" });
  });

  it("loses and duplicates nothing while the dashboard is unreachable", async () => {
    await start("run");
    await reached(5);
    await dashboard.close();
    await expect.poll(async () => (await job("run")).step, soon).toBeGreaterThan(25);
    await dashboard.listen();
    await status("succeeded");
    expect(steps()).toEqual(upTo(60));
    expect(dashboard.conflicts).toBe(0);
  });

  it("resumes by itself after kill -9, with every step reported and the same curve", async () => {
    await start("run");
    await reached(20);
    dashboard.queue("c1", "update_params", { learning_rate: 0.01 });
    await expect.poll(() => dashboard.ack("c1"), soon).toBeDefined();
    await backend.signal("SIGKILL");
    await backend.start();
    await status("succeeded");
    expect([...dashboard.curve("train/loss").keys()]).toEqual(upTo(60));
    expect(dashboard.events("backend_restarted")).toHaveLength(1);
    expect(dashboard.conflicts).toBe(0);
    expect(dashboard.statuses()).toEqual(["starting", "running", "running", "succeeded"]);
  });

  it("repeats steps with the same values when the trainer was killed along with it", async () => {
    await start("run", { epochs: 3 });
    await reached(35);
    dashboard.queue("c1", "update_params", { learning_rate: 0.01 });
    await expect.poll(() => dashboard.ack("c1"), soon).toBeDefined();
    await reached(Number(dashboard.ack("c1")?.applied_step) + 3);
    const record = readFileSync(join(dataDir, "backend", "jobs", "run", "job.json"), "utf8");
    const { pid } = jobRecordSchema.parse(JSON.parse(record)).process ?? { pid: 0 };
    process.kill(pid, "SIGSTOP");
    await backend.signal("SIGKILL");
    process.kill(pid, "SIGKILL");
    await backend.start();
    await status("succeeded");
    // curve() throws where a repeated step has another value, the changed rate included.
    expect([...dashboard.curve("train/loss").keys()].sort((a, b) => a - b)).toEqual(upTo(90));
    expect(dashboard.curve("train/learning_rate").size).toBe(90);
    expect(dashboard.events("backend_restarted")[0]?.data).toMatchObject({ from_step: 30 });
    expect(steps().length).toBeGreaterThan(90);
    const progress = eventSteps("sft.progress");
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
    expect([progress[0], progress.at(-1)]).toEqual([1, 90]);
    expect(eventSteps("sft.validation.summary")).toEqual([0, 30, 60, 90]);
    expect(dashboard.conflicts).toBe(0);
  });

  it("reports failed, and why, when its process is killed from outside", async () => {
    await start("run");
    await reached(5);
    const record = readFileSync(join(dataDir, "backend", "jobs", "run", "job.json"), "utf8");
    process.kill(jobRecordSchema.parse(JSON.parse(record)).process?.pid ?? 0, "SIGKILL");
    await status("failed");
    expect((await job("run")).error).toContain("SIGKILL");
    const retry = { id: "c1", type: "resume", job_token: "token-2", attempt: 2 };
    await backend.call("POST", "/v1/jobs/run/commands", retry);
    await status("succeeded");
    expect([...dashboard.curve("train/loss").keys()]).toEqual(upTo(60));
  });

  it("reports a held job as paused when its process ended with the backend", async () => {
    await start("run");
    await reached(5);
    dashboard.queue("c1", "pause", { mode: "hold" });
    await expect.poll(() => dashboard.ack("c1"), soon).toBeDefined();
    const took = await backend.signal("SIGTERM");
    expect(took).toBeLessThan(3000);
    await backend.start();
    await status("paused");
    const reported = dashboard.received.filter((r) => r.body.status === "paused");
    expect(reported.at(-1)?.body).toMatchObject({ exited: true });
    const resume = { id: "c2", type: "resume", job_token: "token-2", attempt: 2 };
    await backend.call("POST", "/v1/jobs/run/commands", resume);
    await status("succeeded");
    expect(steps()).toEqual(upTo(60));
  });

  it("starts a policy-gradient run from the checkpoint of another run", async () => {
    await start("base", { min_step_ms: 0 });
    await status("succeeded");
    const rl = { batch_size: 4, samples_per_word: 2, epochs: 1, steps_per_epoch: 8 };
    const { log_every: _, ...shared } = { log_every: 5, ...tiny };
    const answer = await start("rl", { ...shared, ...rl, init_from_job: "base", width: 16 }, "rl");
    expect(answer.status).toBe(201);
    await expect.poll(() => steps("train/reward_mean"), soon).toEqual(upTo(8));
    await expect.poll(() => eventSteps("rl.train.step"), soon).toEqual(upTo(8));
    expect(dashboard.events("rl.train.step").at(-1)?.data).toMatchObject({
      reward_mean: dashboard.points("train/reward_mean").at(-1)?.value,
      kl: expect.any(Number),
      policy_loss: expect.any(Number),
      epoch: 1,
    });
    expect((await job("rl")).config.width).toBe(8);
    const missing = await start("rl2", { ...rl, init_from_job: "nobody" }, "rl");
    expect(missing.status).toBe(422);
  });

  it("refuses another owner's run as a start exactly like one that does not exist", async () => {
    await start("base", { min_step_ms: 0 });
    await status("succeeded");
    const rl = { ...tiny, batch_size: 4, samples_per_word: 2, epochs: 1, steps_per_epoch: 2 };
    const from = async (source: string, owner?: string) => {
      const answer = await backend.call("POST", "/v1/jobs", {
        job_id: "copy",
        ...(owner && { owner }),
        kind: "rl",
        config: { ...rl, init_from_job: source },
        dashboard_url: dashboard.url,
        job_token: "token-1",
      });
      const { request_id: _, ...error } = answer.body.error as Record<string, unknown>;
      return { status: answer.status, error };
    };
    const missing = await from("nobody", "eve");
    expect(missing.status).toBe(422);
    expect(await from("base", "eve")).toEqual(missing);
    expect(await from("base")).toEqual(missing);
    expect((await backend.call("GET", "/v1/jobs/copy")).status).toBe(404);
  });

  it("gives a job of an earlier release, stored without an owner, to the first who starts from it", async () => {
    await start("base", { min_step_ms: 0 });
    await status("succeeded");
    await backend.signal("SIGTERM");
    const file = join(dataDir, "backend/jobs/base/job.json");
    const { owner: _, ...before } = z.looseObject({}).parse(JSON.parse(readFileSync(file, "utf8")));
    writeFileSync(file, JSON.stringify(before));
    await backend.start();
    const rl = { batch_size: 4, samples_per_word: 2, epochs: 1, steps_per_epoch: 2 };
    const { log_every: __, ...shared } = { log_every: 5, ...tiny };
    const config = { ...shared, ...rl, init_from_job: "base" };
    expect((await start("first", config, "rl", "ada")).status).toBe(201);
    expect((await start("second", config, "rl", "eve")).status).toBe(422);
    expect((await start("third", config, "rl", "ada")).status).toBe(201);
  });
});

describe("the backend's interface", { timeout: 60_000 }, () => {
  it("declares its trainers as JSON Schema with defaults, ranges, titles and groups", async () => {
    const { body } = await backend.call("GET", "/v1/capabilities");
    const capabilities = capabilitiesSchema.parse(body);
    expect(capabilities).toEqual(trainers.capabilities());
    const offered = capabilities.trainers;
    expect(offered.slice(0, 2).map((t) => t.kind)).toEqual(["sft", "rl"]);
    expect(offered[0]?.config_schema).toMatchObject({ additionalProperties: false });
    for (const { config_schema } of offered) {
      for (const field of Object.values(config_schema.properties)) {
        expect(field).toMatchObject({ title: expect.any(String), "x-order": expect.any(Number) });
      }
    }
  });

  it("names every invalid field, and starts nothing", async () => {
    const answer = await start("run", { epochs: 0, heads: 3, colour: "red" });
    expect(answer.status).toBe(422);
    const { details } = backendErrorSchema.parse(answer.body).error;
    expect(details).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: "config.epochs" }),
        expect.objectContaining({ field: "config.colour" }),
      ]),
    );
    expect((await backend.call("GET", "/v1/jobs/run")).status).toBe(404);
  });

  it("rejects bad credentials, broken bodies, huge bodies and unknown routes in the contract's shape", async () => {
    const answers = [
      await backend.call("GET", "/v1/health", undefined, "wrong"),
      await backend.call("POST", "/v1/jobs", "{"),
      await backend.call("POST", "/v1/jobs", `"${"x".repeat(1_100_000)}"`),
      await backend.call("GET", "/v1/nowhere"),
      await backend.call("GET", "/v1/jobs/%E0%A4%A"),
      await backend.call("POST", "/v1/jobs", { job_id: "../x", kind: "sft" }),
      await backend.call("POST", "/v1/jobs/nobody/commands", { id: "c", type: "stop" }),
    ];
    expect(answers.map((a) => a.status)).toEqual([401, 400, 413, 404, 404, 422, 404]);
    for (const { body } of answers) backendErrorSchema.parse(body);
  });
});
