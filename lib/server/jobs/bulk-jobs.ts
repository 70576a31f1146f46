import { type BulkBody, type BulkReply, undoSeconds } from "@signalbox/protocol/data/compare";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";

/** Applies one action to several runs, in one transaction; a rejected run does not affect the others. */
export async function bulkJobs(principal: UserPrincipal, body: BulkBody): Promise<BulkReply> {
  return callRpc("bulk_jobs", {
    p_user_id: principal.userId,
    p_ids: body.ids,
    p_action: body.action,
    p_tag: body.tag ?? null,
    p_actor: principal.label,
    p_undo_seconds: undoSeconds,
  });
}
