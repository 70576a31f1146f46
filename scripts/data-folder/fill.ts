import { setTimeout as sleep } from "node:timers/promises";
import type { JobHandle, SignalboxClient } from "../../sdk/typescript/src/index.ts";

const tiny = {
  width: 8,
  layers: 1,
  heads: 2,
  batch_size: 4,
  epochs: 2,
  steps_per_epoch: 5,
  warmup_steps: 2,
  eval_samples: 4,
};
const patience = 120_000;

/** Stores something of every kind: trained runs, a paused one, attached ones that ended in every way. */
export async function fillDashboard(client: SignalboxClient): Promise<void> {
  const trained = await client.jobs.create({
    kind: "sft",
    name: "trained",
    tags: ["kept"],
    config: tiny,
  });
  await trained.pollUntilTerminal();
  const rewarded = await client.jobs.create({
    kind: "rl",
    name: "rewarded",
    config: { ...tiny, samples_per_word: 2, warm_start_steps: 10 },
  });
  await rewarded.pollUntilTerminal();
  const paused = await client.jobs.create({
    kind: "sft",
    name: "paused",
    config: { ...tiny, epochs: 4, steps_per_epoch: 20, min_step_ms: 50 },
  });
  await until(paused, (job) => (job.current_step ?? 0) >= 5);
  const change = await paused.updateParams({ learning_rate: 5e-4 }, { reason: "slower" });
  await paused.waitFor(change);
  await paused.pause({ mode: "release" });
  await until(paused, (job) => job.status === "paused");
  await attachFailed(client);
  await attachCompleted(client);
}

async function until(
  run: JobHandle,
  reached: (job: Awaited<ReturnType<JobHandle["refresh"]>>) => boolean,
): Promise<void> {
  const deadline = performance.now() + patience;
  while (!reached(await run.refresh())) {
    if (performance.now() > deadline) throw new Error(`${run.id} does not get on.`);
    await sleep(100);
  }
}

function report(client: SignalboxClient, id: string, part: string, json: object) {
  return client.request("POST", `/api/training/local/${encodeURIComponent(id)}/${part}`, {
    body: json,
  });
}

async function attachFailed(client: SignalboxClient): Promise<void> {
  const id = "attached.failed:1";
  const { job_token: jobToken } = await client.jobs.attach({
    job_id: id,
    name: "Überfahrt 🚢",
    config: { nested: { deep: [1, "two", null] }, "with.dot": true },
  });
  const values = [1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324];
  await client.metrics.create(
    id,
    [...values, 0.25].map((value, step) => ({ name: "train/loss", step, value })),
    { jobToken },
  );
  const lines = [
    { stream: "stdout", text: "one" },
    { stream: "stderr", text: "Traceback (most recent call last):" },
    { stream: "stderr", text: "ValueError: no" },
  ];
  await report(client, id, "logs", { lines });
  await report(client, id, "events", {
    events: [{ type: "note", message: "a note", data: { n: 1 } }],
  });
  await report(client, id, "status", { status: "failed", error: "ValueError: no" });
}

async function attachCompleted(client: SignalboxClient): Promise<void> {
  const id = "attached-completed";
  const { job_token: jobToken } = await client.jobs.attach({ job_id: id, total_steps: 40 });
  const points = Array.from({ length: 2000 }, (_, step) => ({
    name: `train/${step % 2 ? "loss" : "accuracy"}`,
    step,
    value: Math.sin(step / 100),
  }));
  await client.metrics.create(id, points, { jobToken });
  const predictions = [1, 2].flatMap((epoch) =>
    Array.from({ length: 20 }, (_, sample_index) => ({
      epoch,
      step: epoch * 20,
      sample_index,
      prompt: `prompt ${sample_index}`,
      prediction: `answer ${sample_index % (epoch * 5)}`,
      ground_truth: `answer ${sample_index}`,
      reward: sample_index / 20,
    })),
  );
  await client.predictions.create(id, predictions, { jobToken });
  await report(client, id, "status", { status: "succeeded" });
  await client.jobs.update(id, { tags: ["archived"], notes: "looked at", archived: true });
}
