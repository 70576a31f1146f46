import { machineMs } from "../kit/pace.ts";
import type { WideRow } from "../kit/trainer.ts";

/** Rows of `points` points in all: five series, or one where there is but one point. */
function rowsFor(points: number, firstStep: number): WideRow[] {
  if (points === 1) return [{ step: firstStep, "train/loss": 1 / (1 + firstStep) }];
  return Array.from({ length: points / 5 }, (_, index) => {
    const step = firstStep + index;
    return {
      step,
      "train/loss": 1 / (1 + step),
      "train/learning_rate": 1e-3 * Math.cos(step / 1000),
      "train/grad_norm": 1 + Math.sin(step),
      "train/tokens_per_second": 900 + (step % 17),
      "eval/accuracy": 1 - 1 / (1 + step),
    };
  });
}

export interface IngestRun {
  pointsPerSecond: number;
  /** Milliseconds a batch, median. */
  batchMs: number;
}

/**
 * Sends batches of `points` points for about `seconds`, each of `senders` one batch at a time.
 * @param send stores a batch that begins at a step
 */
export async function measureIngest(
  send: (rows: WideRow[]) => Promise<unknown>,
  { points, senders, seconds }: { points: number; senders: number; seconds: number },
): Promise<IngestRun> {
  const steps = Math.max(1, points / 5);
  let nextStep = 0;
  const took: number[] = [];
  const take = () => {
    const rows = rowsFor(points, nextStep);
    nextStep += steps;
    return rows;
  };
  for (let warmUp = 0; warmUp < 5; warmUp += 1) await send(take());
  const startedAt = machineMs();
  const deadline = startedAt + seconds * 1000;
  const sender = async () => {
    for (let now = machineMs(); now < deadline; ) {
      await send(take());
      const done = machineMs();
      took.push(done - now);
      now = done;
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  const lasted = (machineMs() - startedAt) / 1000;
  took.sort((a, b) => a - b);
  return {
    pointsPerSecond: (took.length * points) / lasted,
    batchMs: took[took.length >> 1] ?? Number.NaN,
  };
}
