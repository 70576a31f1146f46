import { expect } from "vitest";
import { ask, bearer, type Dashboard, range, Trainer } from "../dashboard.ts";
import { readData } from "../lines.ts";
import { type Entry, Poller } from "../poller.ts";
import type { Client } from "../row.ts";

const get = <T>(dashboard: Dashboard, path: string) =>
  ask<T>(dashboard, "GET", `/api/learning/jobs/${path}`, {
    headers: { authorization: `Bearer ${dashboard.apiKey}` },
  });
const eventsOf = async (dashboard: Dashboard, path: string) =>
  (await get<{ events: Entry[] }>(dashboard, path)).events;
const pointsOf = async (dashboard: Dashboard, path: string) =>
  (await get<{ points: Entry[] }>(dashboard, path)).points;
const lossSteps = (points: Entry[]) =>
  points.filter(({ name }) => name === "train.loss").map(({ step }) => step);

async function trained(dashboard: Dashboard, id: string, steps = 299): Promise<Trainer> {
  const trainer = await Trainer.attach(dashboard, id);
  await trainer.train(steps);
  await trainer.end();
  return trainer;
}

/** Watches a run of 299 steps that is trained in between, until the client takes it for ended. */
async function watched(dashboard: Dashboard, id: string, others: object[] = []): Promise<Poller> {
  const trainer = await Trainer.attach(dashboard, id);
  const poller = new Poller(dashboard, id);
  if (others.length > 0) await trainer.report(others);
  for (let step = 0; step < 299; step += 23) {
    await trainer.train(23);
    await poller.poll();
    expect(poller.final).toBeNull();
  }
  await trainer.end();
  while (!poller.final) await poller.poll();
  return poller;
}

export const synthPolling: Client = {
  name: "synth-ai, learning clients and streaming",
  version: "0.2.24",
  setup: "`LearningClient(url, key)`; the address of the API (`http://…/api`) for `JobStreamer`",
  script: "synth_ai_0_2_24.py",
  rows: [
    {
      method: "LearningClient.get_job",
      request: "GET /api/learning/jobs/{id}",
      check: async (dashboard) => {
        await trained(dashboard, "s24-job", 1);
        expect(await get(dashboard, "s24-job")).toMatchObject({
          job_id: "s24-job",
          status: "succeeded",
        });
      },
    },
    {
      method: "LearningClient.get_events",
      request: "GET /api/learning/jobs/{id}/events",
      check: async (dashboard) => {
        await trained(dashboard, "s24-events");
        const events: Entry[] = [];
        for (let last = 0; ; last = events.at(-1)?.seq ?? 0) {
          const page = await eventsOf(dashboard, `s24-events/events?since_seq=${last}&limit=200`);
          if (page.length === 0) break;
          events.push(...page);
        }
        const losses = events.filter(({ type }) => type === "sft.loss");
        expect(losses.map(({ data }) => data?.step)).toEqual(range(1, 299));
      },
    },
    {
      method: "LearningClient.get_metrics",
      request: "GET /api/learning/jobs/{id}/metrics",
      check: async (dashboard) => {
        await trained(dashboard, "s24-metrics");
        const points = (query: string) => pointsOf(dashboard, `s24-metrics/metrics?${query}`);
        const named = await points("limit=500&name=train.loss");
        expect(named.map(({ name, step }) => [name, step])).toEqual(
          range(1, 299).map((step) => ["train.loss", step]),
        );
        const after = await points("limit=500&name=train.loss&after_step=290");
        expect(lossSteps(after)).toEqual(range(291, 299));
        expect(lossSteps(await points("limit=10"))).toEqual(range(295, 299));
      },
    },
    {
      method: "LearningClient.get_timeline",
      request: "GET /api/learning/jobs/{id}/timeline",
      check: async (dashboard) => {
        await trained(dashboard, "s24-timeline");
        const entries = await eventsOf(dashboard, "s24-timeline/timeline?limit=200");
        const phases = entries.map(({ phase }) => phase);
        expect(phases).toEqual([...new Set(phases)]);
        expect(phases.at(-1)).toBe("succeeded");
      },
    },
    {
      method: "LearningClient.poll_until_terminal",
      request: "GET /api/learning/jobs/{id}/events, GET /api/learning/jobs/{id}",
      check: async (dashboard) => {
        const { events, final } = await watched(dashboard, "s24-poll");
        expect(events.filter(({ type }) => type === "sft.loss")).toHaveLength(299);
        expect(final).toBe("succeeded");
      },
    },
    {
      method: "JobHandle.poll_until_terminal",
      request: "GET /api/learning/jobs/{id}, …/events, …/metrics?after_step=",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "s24-handle");
        const seen: Entry[] = [];
        let last = -1;
        for (let step = 0; step < 299; step += 23) {
          await trainer.train(23);
          const path = `s24-handle/metrics?after_step=${last}&limit=200`;
          for (const point of await pointsOf(dashboard, path)) {
            if (point.name === "train.loss") seen.push(point);
            last = Math.max(last, point.step ?? -1);
          }
        }
        expect(lossSteps(seen)).toEqual(range(1, 299));
      },
    },
    {
      method: "JobStreamer.stream_until_terminal",
      request: "GET /api/learning/jobs/{id}, …/events, …/metrics, …/timeline",
      check: async (dashboard) => {
        const { points, timeline, final } = await watched(dashboard, "s24-stream");
        expect(lossSteps(points)).toEqual(range(1, 299));
        expect(points.every(({ value }) => typeof value === "number")).toBe(true);
        const phases = timeline.map(({ phase }) => phase);
        expect(phases).toEqual([...new Set(phases)]);
        expect(final).toBe("succeeded");
      },
    },
    {
      method: "an event named failed",
      request: "GET /api/learning/jobs/{id}/timeline",
      check: async (dashboard) => {
        const { final } = await watched(dashboard, "s24-failed", [{ type: "failed" }]);
        expect(final).toBe("succeeded");
      },
    },
    {
      method: "StreamEndpoints.rl",
      request: "GET /api/rl/jobs/{id}, then GET /api/learning/jobs/{id}",
      check: async (dashboard) => {
        await trained(dashboard, "s24-rl", 3);
        const first = await fetch(`${dashboard.url}/api/rl/jobs/s24-rl/metrics?limit=200`, {
          headers: bearer(dashboard.apiKey),
        });
        // The client goes on to its second address after any error.
        expect(first.status).toBe(404);
        expect(lossSteps(await pointsOf(dashboard, "s24-rl/metrics?limit=200"))).toEqual([1, 2, 3]);
      },
    },
    {
      method: "StreamConfig presets",
      request: "…/events, …/metrics",
      partly:
        "The package compares names as they are: `progress_only` keeps a series only if it is named `train.loss` or `eval.reward_mean`, and the default trainers write `train/loss`. Events and statuses are kept.",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "s24-presets");
        await trainer.report([
          { type: "sft.progress", data: { step: 1, total_steps: 2 } },
          { type: "oom", level: "warning" },
        ]);
        const events = await eventsOf(dashboard, "s24-presets/events?since_seq=0&limit=200");
        expect(events.map(({ type, level }) => [type, level])).toEqual(
          expect.arrayContaining([
            ["sft.progress", "info"],
            ["oom", "warning"],
          ]),
        );
      },
    },
    {
      method: "handlers",
      request:
        "what `CLIHandler`, `RichHandler`, `JSONHandler`, `CallbackHandler` … read of each message",
      check: async (dashboard) => {
        await trained(dashboard, "s24-handlers", 2);
        const path = "s24-handlers/events?since_seq=0&limit=200";
        const events = await eventsOf(dashboard, path);
        expect(events.find(({ type }) => type === "sft.loss")).toMatchObject({
          seq: expect.any(Number),
          level: "info",
          message: expect.any(String),
          data: { step: 1, loss: 1 },
          created_at: expect.any(String),
        });
        const [point] = await pointsOf(dashboard, "s24-handlers/metrics?limit=200");
        expect(point).toMatchObject({ name: "train.loss", value: 1, step: 1, data: {} });
        const [entry] = await eventsOf(dashboard, "s24-handlers/timeline?limit=200");
        expect(entry).toMatchObject({ phase: expect.any(String), created_at: expect.any(String) });
      },
    },
    {
      method: "learning.sse.stream_events",
      request: "GET /api/learning/jobs/{id}/events with `Accept: text/event-stream`",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "s24-sse");
        await trainer.train(3);
        const path = "/api/learning/jobs/s24-sse/events?since_seq=0";
        const steps: unknown[] = [];
        for await (const { type, data } of readData<Entry>(dashboard, path)) {
          if (type !== "sft.loss") continue;
          steps.push(data?.step);
          if (steps.length === 3) await trainer.train(2);
          if (steps.length === 5) await trainer.end();
        }
        expect(steps).toEqual(range(1, 5));
      },
    },
    {
      method: "LearningClient.create_job, start_job",
      request: "POST /api/learning/jobs",
      not: "Runs start at `POST /api/training/jobs`, or report by themselves.",
    },
    {
      method: "LearningClient.upload_training_file, list_fine_tuned_models",
      request: "POST /api/learning/files",
      not: "Signalbox keeps no files or models for others to use.",
    },
    {
      method: "LearningClient.pricing_preflight, balance_autumn_normalized",
      request: "POST /api/v1/pricing/preflight",
      not: "There is nothing to pay for.",
    },
  ],
};
