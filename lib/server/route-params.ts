import { clientKeySchema, jobIdSchema } from "@signalbox/protocol/wire/primitives";
import { z } from "zod";

/** `[id]`: a job. */
export const jobParams = z.object({ id: jobIdSchema });

/** `[id]` and `[cid]`: a job and one of its commands. */
export const commandParams = z.object({ id: jobIdSchema, cid: clientKeySchema });

/** The paging parameters of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

/** `[id]` and `[sample]`: a job and one of its samples, by its number. */
export const sampleParams = z.object({
  id: jobIdSchema,
  sample: z.coerce.number().int().min(0).max(2_147_483_647),
});
