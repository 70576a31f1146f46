import { z } from "zod";
import { callRpc } from "../supabase";

const portionSchema = z.object({
  removed: z.number(),
  thinned: z.string().nullable(),
  more: z.boolean(),
});

/** Points looked through in one portion: a fraction of a second on the embedded database. */
const pointsAtOnce = 20_000;

/**
 * Does one portion of what the retention settings ask for. Any number of processes may do so: rows
 * in another's hands are passed over. Returns whether more is to be done.
 */
export async function applyRetention(points = pointsAtOnce): Promise<boolean> {
  return portionSchema.parse(await callRpc("apply_retention", { p_points: points })).more;
}
