import { z } from "zod";
import { callRpc } from "../supabase";

const portionSchema = z.object({ more: z.boolean() });

/** Points looked at in one portion: some 20 ms on the embedded database. */
const pointsAtOnce = 10_000;

/**
 * Does one portion of what the retention settings ask for. Any number of processes may do so: rows
 * in another's hands are passed over. Returns whether more is to be done.
 */
export function applyRetention(points = pointsAtOnce): Promise<boolean> {
  return portion("apply_retention", points);
}

/** Deletes a portion of the points of runs that are gone. Returns whether more is to be done. */
export function dropPoints(points = pointsAtOnce): Promise<boolean> {
  return portion("drop_points", points);
}

async function portion(name: "drop_points" | "apply_retention", points: number): Promise<boolean> {
  return portionSchema.parse(await callRpc(name, { p_points: points })).more;
}
