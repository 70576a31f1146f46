import { callRpc } from "../rpc/call-rpc";

/** Points read in one batch: some 20 ms on the embedded database. */
const batchPoints = 10_000;

/**
 * Applies one batch of the retention settings. Any number of processes may run it: rows that
 * another process has locked are skipped. Returns whether there is more to do.
 */
export function applyRetention(points = batchPoints): Promise<boolean> {
  return runBatch("apply_retention", points);
}

/** Deletes one batch of the points of deleted runs. Returns whether there is more to do. */
export function dropPoints(points = batchPoints): Promise<boolean> {
  return runBatch("drop_points", points);
}

async function runBatch(name: "drop_points" | "apply_retention", points: number): Promise<boolean> {
  return (await callRpc(name, { p_points: points })).more;
}
