import { describe, expect, it } from "vitest";
import type { Outcome } from "../trainers/runtime/messages.ts";
import { classifyExit, type Exit } from "./classify-exit.ts";
import { type JobRecord, jobFolder } from "./job-record.ts";
import { planRecovery, type RecoveryInput } from "./recovery.ts";

const record: JobRecord = {
  job_id: "run",
  owner: null,
  name: null,
  kind: "sft",
  config: {},
  dashboard_url: "http://127.0.0.1:1",
  job_token: "t",
  attempt: 1,
  status: "active",
  queued: null,
  held: false,
  phase: null,
  step: 40,
  epoch: 1,
  total_steps: 60,
  total_epochs: 2,
  error: null,
  reported: true,
  start_from: null,
  process: null,
  recoveries: { count: 0, step: null },
  commands: new Map(),
  created_at: "",
  updated_at: "",
};
const checkpoint = { id: "ckpt-000002-step-30", number: 2, step: 30, final: false };
const ended = (outcome: Outcome["outcome"], held = false): Outcome => ({
  outcome,
  held,
  checkpoint_id: null,
  error: null,
});
const plan = (change: Partial<RecoveryInput> & { of?: Partial<JobRecord> }) =>
  planRecovery({
    outcome: null,
    lastStep: 40,
    checkpoint,
    ...change,
    record: { ...record, ...change.of },
  });

describe("a job that was active when the backend ended", () => {
  it("resumes from its last intact checkpoint, and names the repeated steps", () => {
    expect(plan({})).toMatchObject({
      action: "restart",
      resume: { checkpoint_id: checkpoint.id, replay_live: true },
      data: { from_step: 30, repeated_steps: 10 },
    });
    expect(plan({ lastStep: 30, outcome: ended("interrupted") })).toMatchObject({
      action: "restart",
      data: { repeated_steps: 0 },
    });
  });

  it("starts again without a checkpoint only if no step was ever reported", () => {
    const nothing = { checkpoint: null, lastStep: null };
    expect(plan({ ...nothing, of: { reported: false } })).toMatchObject({
      action: "restart",
      resume: null,
    });
    expect(plan(nothing)).toMatchObject({ action: "settle", verdict: { status: "failed" } });
  });

  it.each(["succeeded", "cancelled"] as const)("ended by itself: %s", (outcome) => {
    expect(plan({ outcome: ended(outcome) })).toMatchObject({ verdict: { status: outcome } });
  });

  it("was held: paused if there is a checkpoint, else failed", () => {
    expect(plan({ of: { held: true } })).toMatchObject({ verdict: { status: "paused" } });
    expect(plan({ outcome: ended("interrupted", true) })).toMatchObject({
      verdict: { status: "paused" },
    });
    expect(plan({ of: { held: true }, checkpoint: null })).toMatchObject({
      verdict: { status: "failed" },
    });
  });

  it("was being stopped: cancelled, not resumed", () => {
    const commands = new Map([["c", { type: "stop", args: {}, answer: null }]]);
    expect(plan({ of: { commands } })).toMatchObject({ verdict: { status: "cancelled" } });
  });

  it("fails after three crashes of the backend at one step", () => {
    expect(plan({ of: { recoveries: { count: 3, step: 40 } } })).toMatchObject({
      verdict: { status: "failed" },
    });
    expect(plan({ of: { recoveries: { count: 3, step: 39 } } }).action).toBe("restart");
  });
});

describe("the end of a process", () => {
  const killed: Exit = {
    outcome: null,
    code: null,
    signal: "SIGKILL",
    intent: "train",
    stderr: [],
  };

  it("is classified by what the backend wanted", () => {
    expect(classifyExit({ ...killed, intent: "stop" }).status).toBe("cancelled");
    expect(classifyExit({ ...killed, intent: "shutdown" }).status).toBe("active");
    expect(classifyExit({ ...killed, stderr: ["out of memory"] })).toEqual({
      status: "failed",
      error: "The trainer process ended unexpectedly by signal SIGKILL.\nout of memory",
    });
  });

  it("is what the process recorded itself, if it did", () => {
    const outcome = ended("succeeded");
    expect(classifyExit({ ...killed, intent: "stop", outcome }).status).toBe("succeeded");
    expect(classifyExit({ ...killed, outcome: ended("released") }).status).toBe("paused");
    expect(classifyExit({ ...killed, outcome: ended("interrupted") }).status).toBe("failed");
  });
});

describe("a job's folder", () => {
  it.each(["..", ".", "a:b", "x".repeat(128)])("stays inside the jobs folder for %s", (id) => {
    const { root } = jobFolder("/data/jobs", id);
    expect(root).toMatch(/^\/data\/jobs\/[A-Za-z0-9%_-][A-Za-z0-9%._-]*$/);
  });
});
