import { z } from "zod";
import { trainerReferenceSchema } from "../trainer-reference.ts";

/*
 * Messages between the backend and a trainer process over IPC. Telemetry is not among them: the trainer
 * writes it to the spool itself, so that it survives a crash of the backend.
 */

const trainerCommandSchema = z.object({
  id: z.string(),
  type: z.string(),
  args: z.record(z.string(), z.unknown()),
});
export type TrainerCommand = z.infer<typeof trainerCommandSchema>;

export const startMessageSchema = z.object({
  type: z.literal("start"),
  job_id: z.string(),
  attempt: z.int(),
  trainer: trainerReferenceSchema,
  /** The job's folder. */
  folder: z.string(),
  /** Path of the spool segment to append to. */
  segment: z.string(),
  resume: z
    .object({
      checkpoint_id: z.string(),
      /** Replay the learning rates set after that checkpoint, at the same steps. */
      replay_live: z.boolean(),
    })
    .nullable(),
  /** Checkpoint of another job whose weights to start from. */
  start_from: z.object({ checkpoints: z.string(), checkpoint_id: z.string() }).nullable(),
  /** The resume command that caused this attempt; acknowledged when training continues. */
  resume_command: z.string().nullable(),
});
export type StartMessage = z.infer<typeof startMessageSchema>;

export const toTrainerSchema = z.discriminatedUnion("type", [
  startMessageSchema,
  z.object({ type: z.literal("command"), command: trainerCommandSchema }),
  z.object({ type: z.literal("shutdown") }),
]);
export type ToTrainer = z.infer<typeof toTrainerSchema>;

export const answerSchema = z.object({
  status: z.enum(["applied", "rejected"]),
  applied_step: z.int().optional(),
  old: z.record(z.string(), z.unknown()).optional(),
  new: z.record(z.string(), z.unknown()).optional(),
  reason: z.string().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});
/** The trainer's answer to a command; the body of the acknowledgement. */
export type Answer = z.infer<typeof answerSchema>;

const progressSchema = z.object({
  type: z.literal("progress"),
  step: z.int(),
  epoch: z.int(),
  total_steps: z.int(),
  total_epochs: z.int(),
  phase: z.string(),
  held: z.boolean(),
  /** CPU time used so far, milliseconds. */
  cpu_ms: z.number(),
  rss_bytes: z.number(),
});
export type Progress = z.infer<typeof progressSchema>;

export const fromTrainerSchema = z.discriminatedUnion("type", [
  progressSchema,
  z.object({ type: z.literal("answer"), id: z.string(), answer: answerSchema }),
]);
export type FromTrainer = z.infer<typeof fromTrainerSchema>;

export const outcomeSchema = z.object({
  /** `interrupted`: the backend ended; training continues when it restarts. */
  outcome: z.enum(["succeeded", "cancelled", "released", "interrupted", "failed"]),
  held: z.boolean().default(false),
  checkpoint_id: z.string().nullable().default(null),
  error: z.string().nullable().default(null),
});
/** How a trainer process ends; it writes this to `outcome.json` just before. */
export type Outcome = z.infer<typeof outcomeSchema>;
