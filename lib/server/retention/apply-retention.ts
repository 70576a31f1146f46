import { callRpc } from "../rpc/call-rpc";

/** Points handled in one portion: some 20 ms on the embedded database. */
const portionPoints = 10_000;
/** Rows of a deleted run in one portion, which the function also limits to some 20 ms. */
const portionRows = 2_000;

/**
 * Applies one portion of the retention settings. Any number of processes may run it: rows that
 * another process has locked are skipped. Returns whether there is more to do.
 */
export async function applyRetention(points = portionPoints): Promise<boolean> {
  return (await callRpc("apply_retention", { p_points: points })).more;
}

/** Deletes one portion of the points of deleted runs. Returns whether there is more to do. */
export async function dropPoints(points = portionPoints): Promise<boolean> {
  return (await callRpc("drop_points", { p_points: points })).more;
}

/** Deletes one portion of the other rows of deleted runs. Returns whether there is more to do. */
export async function removeRows(rows = portionRows): Promise<boolean> {
  return (await callRpc("remove_rows", { p_rows: rows })).more;
}
