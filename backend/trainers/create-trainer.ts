import type { TrainerConfig } from "./config.ts";
import type { WordSplit } from "./pronunciation/words.ts";
import { RlTrainer } from "./rl/rl-trainer.ts";
import { SftTrainer } from "./sft/sft-trainer.ts";
import type { Floats } from "./toolkit/numbers.ts";
import type { Trainer } from "./trainer.ts";

/** Creates the trainer of a job's kind. `start`: weights of another run (policy gradient only). */
export function createTrainer(
  { kind, config }: TrainerConfig,
  words: WordSplit,
  start: readonly Floats[] | null = null,
): Trainer {
  return kind === "sft" ? new SftTrainer(config, words) : new RlTrainer(config, words, start);
}
