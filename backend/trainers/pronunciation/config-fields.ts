import { z } from "zod";
import type { ConfigFields } from "../toolkit/config-fields.ts";

/** Layout of the model's weights in checkpoints: trainers of this model can start from each other. */
export const PRONUNCIATION_WEIGHTS = "pronunciation-transformer";

/** The part of a configuration that the shape of the weights depends on. */
export const modelShapeSchema = z.object({ width: z.int(), layers: z.int(), heads: z.int() });
export type ModelShape = z.infer<typeof modelShapeSchema>;

export function modelFields({ integer }: ConfigFields) {
  return {
    width: integer("Model", "Width", 64, [8, 256], "Hidden size; must be a multiple of the heads."),
    layers: integer("Model", "Layers", 2, [1, 6], "Transformer blocks."),
    heads: integer("Model", "Heads", 4, [1, 8], "Attention heads per block."),
  };
}

export const HEADS_DIVIDE_WIDTH = {
  message: "width must be a multiple of heads",
  path: ["heads"],
};

export function headsDivideWidth({ width, heads }: { width: number; heads: number }): boolean {
  return width % heads === 0;
}

export function evaluationFields({ integer }: ConfigFields) {
  return {
    eval_samples: integer(
      "Evaluation",
      "Held-out words",
      64,
      [1, 1024],
      "Words excluded from training; the model is evaluated on them after every epoch.",
    ),
    seed: integer(
      "Run",
      "Seed",
      1,
      [0, 2147483647],
      "The same seed and settings reproduce a run exactly.",
    ),
  };
}
