import { z } from "zod";

export const trainerQueueSchema = z.object({
  maximum: z.number().int().describe("How many trainers run at once, of all users."),
  maximum_per_user: z.number().int().describe("And of one user."),
  running: z.number().int().describe("Your running trainers; a run paused in memory is one."),
  waiting: z.number().int().describe("All waiting runs, also those of other users."),
  jobs: z
    .array(
      z.object({
        job_id: z.string(),
        attempt: z.number().int(),
        position: z
          .number()
          .int()
          .min(1)
          .describe("Its place among the runs that wait at the same training backend; 1 is next."),
      }),
    )
    .describe("Your waiting runs, in the order in which they start."),
});
export type TrainerQueue = z.infer<typeof trainerQueueSchema>;
