import { z } from "zod";

const days = z.number().int().min(1).max(3650).nullable();

/** `PUT /api/settings/retention`: days, or null for ever. */
export const retentionBodySchema = z.strictObject({
  /** Archived runs are deleted this long after they were archived. */
  archived_days: days,
  /** Finished runs keep every point this long; after that, rollups of 16 steps. */
  points_days: days,
});
export type RetentionBody = z.infer<typeof retentionBodySchema>;

export const retentionSchema = retentionBodySchema.extend({
  /** What the user's runs hold now. */
  stored: z.object({ runs: z.number(), archived: z.number(), points: z.number() }),
});
export type Retention = z.infer<typeof retentionSchema>;
