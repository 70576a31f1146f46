import { z } from "zod";

/** Range of learning rates that can be set while a run trains. */
export const LIVE_LEARNING_RATE = { min: 1e-7, max: 1 } as const;

/** Sequences per update that fit into memory. */
const MAX_SEQUENCES = 512;

type Group = "Training" | "Model" | "Warm start" | "Evaluation" | "Run";

/** Numbers the fields of a form in the order of their declaration. */
function fields() {
  let order = 0;
  const annotate = (group: Group, title: string, description: string) => {
    order += 1;
    return { title, description, "x-group": group, "x-order": order };
  };
  return {
    integer: (
      group: Group,
      title: string,
      initial: number,
      [min, max]: [number, number],
      description: string,
    ) =>
      z
        .int()
        .min(min)
        .max(max)
        .default(initial)
        .meta(annotate(group, title, description)),
    number: (
      group: Group,
      title: string,
      initial: number,
      [min, max]: [number, number],
      description: string,
    ) =>
      z
        .number()
        .min(min)
        .max(max)
        .default(initial)
        .meta(annotate(group, title, description)),
    annotate,
  };
}

function modelFields({ integer }: ReturnType<typeof fields>) {
  return {
    width: integer("Model", "Width", 64, [8, 256], "Hidden size; must be a multiple of the heads."),
    layers: integer("Model", "Layers", 2, [1, 6], "Transformer blocks."),
    heads: integer("Model", "Heads", 4, [1, 8], "Attention heads per block."),
  };
}

function runFields({ integer }: ReturnType<typeof fields>) {
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
    log_every: integer("Run", "Log every", 10, [1, 10000], "Steps between two lines in the log."),
    min_step_ms: integer(
      "Run",
      "Minimum step time (ms)",
      0,
      [0, 60000],
      "Slows training down so that a step takes at least this long; 0 runs at full speed.",
    ),
  };
}

const sftFields = fields();
const sftShape = {
  epochs: sftFields.integer(
    "Training",
    "Epochs",
    10,
    [1, 1000],
    "The model is evaluated and saved after every epoch.",
  ),
  steps_per_epoch: sftFields.integer(
    "Training",
    "Steps per epoch",
    200,
    [1, 100000],
    "Updates between two evaluations.",
  ),
  batch_size: sftFields.integer("Training", "Batch size", 64, [1, 512], "Words per update."),
  learning_rate: sftFields.number(
    "Training",
    "Learning rate",
    3e-3,
    [1e-6, 1],
    "Peak rate, reached at the end of the warm-up. Can be changed while the run trains.",
  ),
  warmup_steps: sftFields.integer(
    "Training",
    "Warm-up steps",
    50,
    [0, 100000],
    "Steps over which the learning rate rises from zero.",
  ),
  final_learning_rate_ratio: sftFields.number(
    "Training",
    "Final learning rate (ratio)",
    0.1,
    [0.001, 1],
    "Fraction of the peak at which the cosine decay ends; 1 keeps the rate constant.",
  ),
  weight_decay: sftFields.number("Training", "Weight decay", 0.01, [0, 1], "AdamW weight decay."),
  max_grad_norm: sftFields.number(
    "Training",
    "Gradient clipping",
    1,
    [0.01, 1000],
    "Maximum gradient norm; larger gradients are scaled down to it.",
  ),
  ...modelFields(sftFields),
  ...runFields(sftFields),
};

const rlFields = fields();
const rlShape = {
  init_from_job: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta(
      rlFields.annotate(
        "Warm start",
        "Start from run",
        "ID of a run whose last checkpoint to start from. Leave empty to use warm-start steps.",
      ),
    ),
  warm_start_steps: rlFields.integer(
    "Warm start",
    "Warm-start steps",
    300,
    [0, 100000],
    "Supervised updates before the policy gradient, when no run is given above.",
  ),
  warm_start_learning_rate: rlFields.number(
    "Warm start",
    "Warm-start learning rate",
    3e-3,
    [1e-6, 1],
    "Learning rate of the supervised updates.",
  ),
  epochs: rlFields.integer(
    "Training",
    "Epochs",
    5,
    [1, 1000],
    "The model is evaluated and saved after every epoch.",
  ),
  steps_per_epoch: rlFields.integer(
    "Training",
    "Steps per epoch",
    50,
    [1, 100000],
    "Updates between two evaluations.",
  ),
  batch_size: rlFields.integer(
    "Training",
    "Words per update",
    16,
    [1, 256],
    "Distinct words in one update.",
  ),
  samples_per_word: rlFields.integer(
    "Training",
    "Samples per word",
    4,
    [2, 32],
    "Pronunciations sampled per word; each is compared with the others of the same word.",
  ),
  learning_rate: rlFields.number(
    "Training",
    "Learning rate",
    3e-4,
    [1e-6, 1],
    "Peak rate, reached at the end of the warm-up. Can be changed while the run trains.",
  ),
  warmup_steps: rlFields.integer(
    "Training",
    "Warm-up steps",
    10,
    [0, 100000],
    "Policy-gradient steps over which the learning rate rises from zero.",
  ),
  final_learning_rate_ratio: rlFields.number(
    "Training",
    "Final learning rate (ratio)",
    0.1,
    [0.001, 1],
    "Fraction of the peak at which the cosine decay ends; 1 keeps the rate constant.",
  ),
  kl_coefficient: rlFields.number(
    "Training",
    "KL coefficient",
    0.05,
    [0, 10],
    "Strength of the penalty for moving away from the initial model.",
  ),
  weight_decay: rlFields.number("Training", "Weight decay", 0, [0, 1], "AdamW weight decay."),
  max_grad_norm: rlFields.number(
    "Training",
    "Gradient clipping",
    1,
    [0.01, 1000],
    "Maximum gradient norm; larger gradients are scaled down to it.",
  ),
  ...modelFields(rlFields),
  ...runFields(rlFields),
};

const HEADS_DIVIDE_WIDTH = {
  message: "width must be a multiple of heads",
  path: ["heads"],
};

function headsDivideWidth({ width, heads }: { width: number; heads: number }): boolean {
  return width % heads === 0;
}

export const sftConfigSchema = z
  .strictObject(sftShape)
  .refine(headsDivideWidth, HEADS_DIVIDE_WIDTH);
export const rlConfigSchema = z
  .strictObject(rlShape)
  .refine(headsDivideWidth, HEADS_DIVIDE_WIDTH)
  .refine((config) => config.batch_size * config.samples_per_word <= MAX_SEQUENCES, {
    message: `batch_size times samples_per_word must be at most ${MAX_SEQUENCES}`,
    path: ["samples_per_word"],
  });

export type SftConfig = z.infer<typeof sftConfigSchema>;
export type RlConfig = z.infer<typeof rlConfigSchema>;

export const TRAINERS = {
  sft: { name: "Spelling to pronunciation, supervised", schema: sftConfigSchema },
  rl: { name: "Spelling to pronunciation, policy gradient", schema: rlConfigSchema },
} as const;

export type TrainerKind = keyof typeof TRAINERS;

/** A job's kind with its parsed configuration. */
export type TrainerConfig = { kind: "sft"; config: SftConfig } | { kind: "rl"; config: RlConfig };

/** Parses a configuration and fills in defaults; throws a ZodError that names each invalid field. */
export function parseConfig(kind: TrainerKind, config: unknown): TrainerConfig {
  return kind === "sft"
    ? { kind, config: sftConfigSchema.parse(config) }
    : { kind, config: rlConfigSchema.parse(config) };
}

/** JSON Schema of a trainer's configuration, from the same declaration that validates it. */
export function configJsonSchema(kind: TrainerKind): Record<string, unknown> {
  return { ...z.toJSONSchema(TRAINERS[kind].schema, { io: "input" }) };
}
