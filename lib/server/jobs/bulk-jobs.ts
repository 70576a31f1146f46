import { type BulkBody, type BulkReply, undoSeconds } from "@signalbox/protocol/data/compare";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";

/** Runs changed in one transaction, which takes some 100 ms. */
const portion = 100;

/** Applies one action to several runs, in portions; a rejected run does not affect the others. */
export async function bulkJobs(principal: UserPrincipal, body: BulkBody): Promise<BulkReply> {
  const ids = [...new Set(body.ids)];
  const reply: BulkReply = { done: [], failed: [] };
  for (let first = 0; first < ids.length; first += portion) {
    const { done, failed } = await callRpc("bulk_jobs", {
      p_user_id: principal.userId,
      p_ids: ids.slice(first, first + portion),
      p_action: body.action,
      p_tag: body.tag ?? null,
      p_actor: principal.label,
      p_undo_seconds: undoSeconds,
    });
    reply.done.push(...done);
    reply.failed.push(...failed);
  }
  return reply;
}
