import { parentPort } from "node:worker_threads";
import { newWorkBudget } from "./char-error-rate.ts";
import { predictionQuality } from "./prediction-quality.ts";

/** Answers and their ground truths, whose predictions share one budget. */
export type QualityTask = readonly (readonly [prediction: string, truth: string | null])[];

/** A thread that scores predictions, one batch after the other. */
parentPort?.on("message", (task: QualityTask) => {
  const budget = newWorkBudget();
  parentPort?.postMessage(task.map(([said, truth]) => predictionQuality(said, truth, budget)));
});
