import type { PredictionInput } from "@signalbox/protocol/data/prediction-input";
import { newWorkBudget } from "@/lib/quality/char-error-rate";
import { type PredictionQuality, predictionQuality } from "@/lib/quality/prediction-quality";
import { scoreInThread } from "../work/quality-pool";

/** Comparisons and characters that take a few milliseconds: such a batch needs no thread. */
const quick = { comparisons: 4_000_000, characters: 300_000 } as const;

/**
 * The quality of a batch's predictions where the trainer did not send it all; null for the others.
 * Texts that take long are compared in another thread, after `authorize`.
 * @throws AppError rate_limited, and as `authorize` does
 */
export async function batchQuality(
  userId: string,
  predictions: readonly PredictionInput[],
  authorize: () => Promise<void>,
): Promise<(PredictionQuality | null)[]> {
  const open = predictions.map(isOpen);
  const wanted = predictions.filter((_, index) => open[index]);
  const scored = isQuick(wanted)
    ? scoreHere(wanted)
    : await authorize().then(() =>
        scoreInThread(
          userId,
          wanted.map((row) => [row.prediction, row.ground_truth ?? null]),
        ),
      );
  let next = 0;
  return open.map((isWanted) => (isWanted ? (scored[next++] ?? null) : null));
}

/** Whether there is something to compute. */
function isOpen(row: PredictionInput): boolean {
  if (row.ground_truth == null) return false;
  return [row.exact_match, row.char_error_rate, row.length_ratio, row.word_overlap].some(
    (value) => value === null || value === undefined,
  );
}

function isQuick(rows: readonly PredictionInput[]): boolean {
  let comparisons = 0;
  let characters = 0;
  for (const { prediction, ground_truth } of rows) {
    const truth = ground_truth?.length ?? 0;
    comparisons += prediction.length * truth;
    characters += prediction.length + truth;
  }
  return comparisons <= quick.comparisons && characters <= quick.characters;
}

function scoreHere(rows: readonly PredictionInput[]): PredictionQuality[] {
  const budget = newWorkBudget();
  return rows.map((row) => predictionQuality(row.prediction, row.ground_truth, budget));
}
