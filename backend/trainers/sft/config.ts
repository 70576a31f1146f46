import { z } from "zod";
import {
  evaluationFields,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  modelFields,
} from "../pronunciation/config-fields.ts";
import { configFields, loopFields } from "../toolkit/config-fields.ts";

const fields = configFields();
const shape = {
  epochs: fields.integer(
    "Training",
    "Epochs",
    10,
    [1, 1000],
    "The model is evaluated and saved after every epoch.",
  ),
  steps_per_epoch: fields.integer(
    "Training",
    "Steps per epoch",
    200,
    [1, 100000],
    "Updates between two evaluations.",
  ),
  batch_size: fields.integer("Training", "Batch size", 64, [1, 512], "Words per update."),
  learning_rate: fields.number(
    "Training",
    "Learning rate",
    3e-3,
    [1e-6, 1],
    "Peak rate, reached at the end of the warm-up. Can be changed while the run trains.",
  ),
  warmup_steps: fields.integer(
    "Training",
    "Warm-up steps",
    50,
    [0, 100000],
    "Steps over which the learning rate rises from zero.",
  ),
  final_learning_rate_ratio: fields.number(
    "Training",
    "Final learning rate (ratio)",
    0.1,
    [0.001, 1],
    "Fraction of the peak at which the cosine decay ends; 1 keeps the rate constant.",
  ),
  weight_decay: fields.number("Training", "Weight decay", 0.01, [0, 1], "AdamW weight decay."),
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

export const sftConfigSchema = z.strictObject(shape).refine(headsDivideWidth, HEADS_DIVIDE_WIDTH);
export type SftConfig = z.infer<typeof sftConfigSchema>;
