import { z } from "zod";
import {
  evaluationFields,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  modelFields,
} from "../pronunciation/config-fields.ts";
import { configFields, loopFields } from "../toolkit/config-fields.ts";

/** Sequences per update that fit into memory. */
const MAX_SEQUENCES = 512;

const fields = configFields();
const shape = {
  init_from_job: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta(
      fields.annotate(
        "Warm start",
        "Start from run",
        "ID of a run whose last checkpoint to start from. Leave empty to use warm-start steps.",
      ),
    ),
  warm_start_steps: fields.integer(
    "Warm start",
    "Warm-start steps",
    300,
    [0, 100000],
    "Supervised updates before the policy gradient, when no run is given above.",
  ),
  warm_start_learning_rate: fields.number(
    "Warm start",
    "Warm-start learning rate",
    3e-3,
    [1e-6, 1],
    "Learning rate of the supervised updates.",
  ),
  epochs: fields.integer(
    "Training",
    "Epochs",
    5,
    [1, 1000],
    "The model is evaluated and saved after every epoch.",
  ),
  steps_per_epoch: fields.integer(
    "Training",
    "Steps per epoch",
    50,
    [1, 100000],
    "Updates between two evaluations.",
  ),
  batch_size: fields.integer(
    "Training",
    "Words per update",
    16,
    [1, 256],
    "Distinct words in one update.",
  ),
  samples_per_word: fields.integer(
    "Training",
    "Samples per word",
    4,
    [2, 32],
    "Pronunciations sampled per word; each is compared with the others of the same word.",
  ),
  learning_rate: fields.number(
    "Training",
    "Learning rate",
    3e-4,
    [1e-6, 1],
    "Peak rate, reached at the end of the warm-up. Can be changed while the run trains.",
  ),
  warmup_steps: fields.integer(
    "Training",
    "Warm-up steps",
    10,
    [0, 100000],
    "Policy-gradient steps over which the learning rate rises from zero.",
  ),
  final_learning_rate_ratio: fields.number(
    "Training",
    "Final learning rate (ratio)",
    0.1,
    [0.001, 1],
    "Fraction of the peak at which the cosine decay ends; 1 keeps the rate constant.",
  ),
  kl_coefficient: fields.number(
    "Training",
    "KL coefficient",
    0.05,
    [0, 10],
    "Strength of the penalty for moving away from the initial model.",
  ),
  weight_decay: fields.number("Training", "Weight decay", 0, [0, 1], "AdamW weight decay."),
  max_grad_norm: fields.number(
    "Training",
    "Gradient clipping",
    1,
    [0.01, 1000],
    "Maximum gradient norm; larger gradients are scaled down to it.",
  ),
  ...modelFields(fields),
  ...evaluationFields(fields),
  ...loopFields(fields),
};

export const rlConfigSchema = z
  .strictObject(shape)
  .refine(headsDivideWidth, HEADS_DIVIDE_WIDTH)
  .refine((config) => config.batch_size * config.samples_per_word <= MAX_SEQUENCES, {
    message: `batch_size times samples_per_word must be at most ${MAX_SEQUENCES}`,
    path: ["samples_per_word"],
  });
export type RlConfig = z.infer<typeof rlConfigSchema>;
