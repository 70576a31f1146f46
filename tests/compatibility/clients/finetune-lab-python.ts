import { expect } from "vitest";
import {
  asJson,
  ask,
  bearer,
  type Dashboard,
  range,
  request,
  Trainer,
  twoEpochs,
} from "../dashboard.ts";
import type { Client } from "../row.ts";

interface Job {
  id: string;
  status: string;
}

interface Prediction {
  id: string;
  job_id: string;
  epoch: number;
  step: number;
  prediction: string;
  exact_match: number;
  validation_pass: boolean | null;
  created_at: string;
}

const withKey = (dashboard: Dashboard) => ({
  ...asJson,
  "X-API-Key": dashboard.apiKey,
  "User-Agent": "finetune-lab-python/0.6.0",
});
const get = <T>(dashboard: Dashboard, path: string) =>
  ask<T>(dashboard, "GET", path, { headers: withKey(dashboard) });

function createJob(dashboard: Dashboard, id: string, status = "running") {
  return ask<{ job_token: string }>(dashboard, "POST", "/api/training/local/jobs", {
    headers: withKey(dashboard),
    body: {
      job_id: id,
      status,
      model_name: "llama-3-8b-tool-use",
      dataset_path: "./data/tiny_tool_use.jsonl",
      config: { epochs: 3, batch_size: 4 },
    },
  });
}

async function createPredictions(dashboard: Dashboard, id: string) {
  const { job_token } = await createJob(dashboard, id);
  const path = "/api/training/local/predictions";
  return ask<{ success: boolean; count: number }>(dashboard, "POST", path, {
    headers: { ...asJson, ...bearer(job_token), "User-Agent": "finetune-lab-python/0.2.0" },
    body: { job_id: id, predictions: twoEpochs() },
  });
}

export const finetuneLabPython: Client = {
  name: "FineTune Lab, Python SDK (`finetune-lab`)",
  version: "0.6.0",
  setup:
    "`FinetuneLabClient(api_key=…, base_url=…)`, or `FINETUNE_LAB_API_KEY` and `FINETUNE_LAB_API_URL`",
  script: "finetune_lab_0_6_0.py",
  rows: [
    {
      method: "FinetuneLabClient",
      request: "the key, the address, and what an error says",
      check: async (dashboard) => {
        const headers = { ...withKey(dashboard), "X-API-Key": "wak_none" };
        const { status, body } = await request<{ error: { message: string } }>(
          dashboard,
          "GET",
          "/api/training/jobs?limit=50&offset=0",
          { headers },
        );
        expect([status, typeof body.error.message]).toEqual([401, "string"]);
      },
    },
    {
      method: "training.create_job",
      request: "POST /api/training/local/jobs",
      check: async (dashboard) => {
        const { job_token } = await createJob(dashboard, "ftl-created");
        await createJob(dashboard, "ftl-created");
        await ask(dashboard, "POST", "/api/training/local/metrics", {
          headers: { ...asJson, ...bearer(job_token) },
          body: { job_id: "ftl-created", metrics: [{ step: 1, epoch: 1, train_loss: 0.5 }] },
        });
        const job = () => get<Job>(dashboard, "/api/training/ftl-created");
        expect(await job()).toMatchObject({ status: "running", attempt: 1, config: { epochs: 3 } });
        await createJob(dashboard, "ftl-created", "completed");
        expect(await job()).toMatchObject({ status: "succeeded" });
      },
    },
    {
      method: "training.list_jobs",
      request: "GET /api/training/jobs",
      check: async (dashboard) => {
        await createJob(dashboard, "ftl-listed");
        const path = "/api/training/jobs?limit=50&offset=0";
        const { jobs } = await get<{ jobs: Job[] }>(dashboard, path);
        expect(jobs.find(({ id }) => id === "ftl-listed")?.status).toBe("running");
      },
    },
    {
      method: "training.get_metrics",
      request: "GET /api/training/local/{id}/metrics",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftl-long");
        for (const first of [1, 2001, 4001]) {
          const metrics = range(first, first + 1999).map((step) => ({
            step,
            train_loss: 1 / step,
          }));
          await trainer.post("metrics", { job_id: trainer.id, metrics });
        }
        const path = "/api/training/local/ftl-long/metrics";
        const found = await get<{
          job_id: string;
          metrics: { step: number; train_loss: number }[];
        }>(dashboard, path);
        expect(found.job_id).toBe("ftl-long");
        expect(found.metrics.map(({ step }) => step)).toEqual(range(1, 6000));
        expect(found.metrics.at(-1)?.train_loss).toBe(1 / 6000);
      },
    },
    {
      method: "training.get_logs",
      request: "GET /api/training/local/{id}/logs",
      partly:
        "Entries of `logs` are objects; the line is their `text`. The client's example prints them as they are.",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftl-logged");
        const lines = range(1, 120).map((number) => `line ${number}`);
        await trainer.post("ftl-logged/logs", { logs: lines });
        const page = (offset: number) =>
          get<{ logs: { text: string }[]; total_lines: number; offset: number; limit: number }>(
            dashboard,
            `/api/training/local/ftl-logged/logs?limit=50&offset=${offset}`,
          );
        expect(await page(50)).toMatchObject({ total_lines: 120, offset: 50, limit: 50 });
        const read = [await page(0), await page(50), await page(100)].flatMap(({ logs }) => logs);
        expect(read.map(({ text }) => text)).toEqual(lines);
      },
    },
    {
      method: "training.get_errors",
      request: "GET /api/training/local/{id}/errors",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftl-broken");
        const traceback =
          'Traceback (most recent call last):\n  File "train.py", line 3\nRuntimeError: no';
        const event = { type: "error", level: "error", message: "no", data: { traceback } };
        await trainer.report([event, event]);
        const path = "/api/training/local/ftl-broken/errors";
        const found = await get<{
          unique_error_count: number;
          errors: { message: string; count: number; traceback: unknown }[];
        }>(dashboard, path);
        expect(found.unique_error_count).toBe(1);
        expect(found.errors).toMatchObject([{ message: "no", count: 2 }]);
        expect(JSON.stringify(found.errors[0]?.traceback)).toContain("train.py");
      },
    },
    {
      method: "training_predictions.create",
      request: "POST /api/training/local/predictions",
      partly:
        "When it is refused, the client itself fails: it gives its error class an argument that this does not take.",
      check: async (dashboard) => {
        expect(await createPredictions(dashboard, "ftl-predicted")).toMatchObject({
          success: true,
          count: 4,
        });
      },
    },
    {
      method: "training_predictions.get",
      request: "GET /api/training/predictions/{id}",
      partly:
        "With `epoch`, a sample that was asked at several steps of the epoch has one row, the newest. Without, all rows are there.",
      check: async (dashboard) => {
        await createPredictions(dashboard, "ftl-read");
        const path = "/api/training/predictions/ftl-read";
        const read = (query: string) =>
          get<{ predictions: Prediction[]; total_count: number; epoch_count: number }>(
            dashboard,
            `${path}?${query}`,
          );
        const all = await read("limit=50&offset=0");
        expect(all).toMatchObject({ total_count: 4, epoch_count: 2, job_id: "ftl-read" });
        expect(new Set(all.predictions.map(({ id }) => id)).size).toBe(4);
        const second = await read("limit=10&offset=0&epoch=2");
        expect(second).toMatchObject({ total_count: 2 });
        expect(second.predictions[0]).toMatchObject({
          job_id: "ftl-read",
          epoch: 2,
          step: 200,
          prediction: "2",
          exact_match: 1,
          validation_pass: true,
          created_at: expect.any(String),
        });
        const again = { ...twoEpochs()[3], sample_index: 2, prediction: "another answer" };
        const { job_token } = await createJob(dashboard, "ftl-read");
        await ask(dashboard, "POST", "/api/training/local/predictions", {
          headers: { ...asJson, ...bearer(job_token) },
          body: { job_id: "ftl-read", predictions: [again] },
        });
        // Another answer to the same prompt is a row of its own.
        expect(await read("limit=10&offset=0&epoch=2")).toMatchObject({ total_count: 3 });
        const pages = [await read("limit=2&offset=0"), await read("limit=2&offset=2")];
        expect(pages.flatMap(({ predictions }) => predictions)).toEqual(all.predictions);
      },
    },
    {
      method: "training_predictions.epochs",
      request: "GET /api/training/predictions/{id}/epochs",
      check: async (dashboard) => {
        await createPredictions(dashboard, "ftl-epochs");
        const path = "/api/training/predictions/ftl-epochs/epochs";
        expect(await get(dashboard, path)).toMatchObject({
          job_id: "ftl-epochs",
          epochs: [
            { epoch: 1, prediction_count: 2, latest_step: 100 },
            { epoch: 2, prediction_count: 2, latest_step: 200 },
          ],
        });
      },
    },
    {
      method: "training_predictions.trends",
      request: "GET /api/training/predictions/{id}/trends",
      check: async (dashboard) => {
        await createPredictions(dashboard, "ftl-trends");
        const path = "/api/training/predictions/ftl-trends/trends";
        expect(await get(dashboard, path)).toMatchObject({
          job_id: "ftl-trends",
          overall_improvement: 100,
          trends: [
            {
              epoch: 1,
              sample_count: 2,
              avg_exact_match: 0,
              avg_char_error_rate: 1,
              validation_pass_rate: 0,
            },
            {
              epoch: 2,
              sample_count: 2,
              avg_exact_match: 1,
              avg_char_error_rate: 0,
              validation_pass_rate: 1,
            },
          ],
        });
      },
    },
    { method: "predict", request: "POST /api/v1/predict", not: "Signalbox does not serve models." },
    {
      method: "batch_test.run, status, cancel",
      request: "POST /api/batch-testing/run",
      not: "Signalbox watches training; it does not run test suites against models.",
    },
    {
      method: "analytics.traces, create_trace, data",
      request: "POST /api/analytics/traces",
      not: "Signalbox keeps no traces of models in production.",
    },
    {
      method: "train_sft, train_dpo, train_rlhf",
      request: "GET /api/training/public/{id}",
      not: "Signalbox has no configurations to download; start runs from the dashboard or the command line.",
    },
  ],
};
