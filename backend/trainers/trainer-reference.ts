import { jobKindSchema } from "@signalbox/protocol/job/job";
import { z } from "zod";

/** The trainer and configuration of a job, as its record, its process and its checkpoints carry them. */
export const trainerReferenceSchema = z.object({
  /** Name of the trainer. Absent in files of earlier releases: the default trainer of the kind. */
  trainer: z.string().optional(),
  kind: jobKindSchema,
  /** The configuration with every default filled in. */
  config: z.record(z.string(), z.unknown()),
});
export type TrainerReference = z.infer<typeof trainerReferenceSchema>;
