import { expect } from "vitest";
import { asJson, ask, bearer, type Dashboard, request, Trainer } from "../dashboard.ts";
import type { Client } from "../row.ts";

interface Wide {
  step: number;
  [series: string]: number;
}

const metricsOf = async (dashboard: Dashboard, id: string) => {
  const headers = { "X-API-Key": dashboard.apiKey };
  const path = `/api/training/local/${id}/metrics`;
  return (await ask<{ metrics: Wide[] }>(dashboard, "GET", path, { headers })).metrics;
};
const jobOf = (dashboard: Dashboard, id: string) =>
  ask(dashboard, "GET", `/api/training/${id}`, { headers: { "X-API-Key": dashboard.apiKey } });

/** The figures of one step, as the trainer's callback puts them together. */
const figures = {
  train_loss: 0.53,
  eval_loss: null,
  learning_rate: 0.0002,
  grad_norm: 1.25,
  samples_per_second: 12.5,
  gpu_memory_allocated_gb: 7.81,
  gpu_memory_reserved_gb: 9.2,
  gpu_utilization_percent: 93,
  perplexity: null,
  train_perplexity: 1.6989,
};

export const finetuneLabTrainers: Client = {
  name: "FineTune Lab, its trainers and agents",
  version: "repository of 0.6.0",
  setup: "the address of each route, and the token that `create_job` returned",
  rows: [
    {
      method: "trainer: metrics",
      request: "POST /api/training/local/metrics",
      partly:
        "`loss_trend` is a text, not a figure: it is left out, and counted as `skipped` in the answer.",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftt-metrics");
        const point = {
          step: 10,
          epoch: 1,
          ...figures,
          loss_trend: "improving",
          best_eval_loss: null,
          best_epoch: null,
          best_step: null,
          epochs_without_improvement: 0,
          timestamp: new Date().toISOString(),
        };
        const answer = await request(dashboard, "POST", "/api/training/local/metrics", {
          headers: { ...asJson, ...bearer(trainer.token) },
          body: { job_id: trainer.id, metrics: [point] },
        });
        // It takes nothing but 200 for a success.
        expect(answer).toMatchObject({ status: 200, body: { success: true } });
        expect(await metricsOf(dashboard, trainer.id)).toMatchObject([
          {
            step: 10,
            train_loss: 0.53,
            gpu_utilization_percent: 93,
            epochs_without_improvement: 0,
          },
        ]);
      },
    },
    {
      method: "training server: jobs",
      request: "POST /api/training/local/jobs",
      partly:
        "The server sends no credential, so put a key into the request (a proxy that adds `X-API-Key` is enough). Figures beside the progress are not kept, which the answer says; they arrive as metrics.",
      check: async (dashboard) => {
        const body = {
          job_id: "ftt-server",
          user_id: "0b3d5b8e-9a1d-4f63-8b77-2f6d0e8f2c11",
          model_name: "llama-3-8b",
          dataset_path: "./data/train.jsonl",
          status: "running",
          progress: 25,
          current_epoch: 1,
          total_epochs: 4,
          current_step: 50,
          total_steps: 200,
          loss: 0.53,
          ...figures,
          elapsed_seconds: 31,
          remaining_seconds: null,
          best_eval_loss: null,
          best_epoch: null,
          best_step: null,
          loss_trend: "improving",
          total_samples: 800,
          train_samples: 720,
          val_samples: 80,
          total_tokens_processed: 51200,
          epochs_without_improvement: 0,
          resume_from_checkpoint: null,
          num_gpus: 1,
          distributed_strategy: null,
          parameter_updates: null,
          last_parameter_update_at: null,
        };
        const post = (sent: object, headers: Record<string, string>) =>
          request(dashboard, "POST", "/api/training/local/jobs", {
            headers: { ...asJson, ...headers },
            body: sent,
          });
        expect((await post(body, {})).status).toBe(401);
        const key = { "X-API-Key": dashboard.apiKey };
        expect(await post(body, key)).toMatchObject({
          status: 200,
          body: { job_id: "ftt-server" },
        });
        expect(await jobOf(dashboard, "ftt-server")).toMatchObject({
          status: "running",
          progress: 0.25,
          current_step: 50,
          total_steps: 200,
          current_epoch: 1,
          total_epochs: 4,
        });
        const failed = {
          job_id: "ftt-server",
          user_id: body.user_id,
          model_name: body.model_name,
          dataset_path: body.dataset_path,
          status: "failed",
          error_message: "CUDA out of memory",
          completed_at: new Date().toISOString(),
          progress: 26,
          current_epoch: 1,
          total_epochs: 4,
        };
        expect((await post(failed, key)).status).toBe(200);
        expect(await jobOf(dashboard, "ftt-server")).toMatchObject({
          status: "failed",
          error: "CUDA out of memory",
          progress: 0.26,
        });
      },
    },
    {
      method: "training server: metrics",
      request: "POST /api/training/local/metrics",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftt-history");
        const timestamp = new Date().toISOString();
        const metrics = [1, 2, 3].map((step) => ({
          step,
          epoch: 1,
          ...figures,
          tokens_per_second: 512.25,
          timestamp,
        }));
        await trainer.post("metrics", { job_id: trainer.id, metrics });
        expect(await metricsOf(dashboard, trainer.id)).toMatchObject([
          { step: 1, tokens_per_second: 512.25 },
          { step: 2 },
          { step: 3 },
        ]);
      },
    },
    {
      method: "agent: report_metrics",
      request: "PUT /api/training/local/{id}/metrics",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftt-agent");
        const { eval_loss: _, perplexity: __, ...measured } = figures;
        await ask(dashboard, "PUT", "/api/training/local/ftt-agent/metrics", {
          headers: { ...asJson, ...bearer(trainer.token) },
          body: { step: 7, epoch: 1.5, ...measured, tokens_per_second: 512.25 },
        });
        expect(await metricsOf(dashboard, trainer.id)).toMatchObject([
          { step: 7, train_loss: 0.53 },
        ]);
      },
    },
    {
      method: "agent: update_job_status",
      request: "PATCH /api/training/local/{id}/status",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftt-status");
        await ask(dashboard, "PATCH", "/api/training/local/ftt-status/status", {
          headers: { ...asJson, ...bearer(trainer.token) },
          body: { status: "failed", error: "no space left on device" },
        });
        expect(await jobOf(dashboard, trainer.id)).toMatchObject({
          status: "failed",
          error: "no space left on device",
        });
      },
    },
    {
      method: "agent: send_logs",
      request: "POST /api/training/local/{id}/logs",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "ftt-logs");
        await trainer.post("ftt-logs/logs", { logs: ["loading", "training"] });
        const headers = { "X-API-Key": dashboard.apiKey };
        const path = "/api/training/local/ftt-logs/logs";
        expect(await ask(dashboard, "GET", path, { headers })).toMatchObject({ total_lines: 2 });
      },
    },
    {
      method: "agent: register, heartbeat of a worker",
      request: "POST /api/workers/register",
      not: "Agents do not exist yet: runs start on the training backend, or report by themselves.",
    },
  ],
};
