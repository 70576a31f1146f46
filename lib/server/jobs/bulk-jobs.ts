import {
  type BulkBody,
  type BulkReply,
  bulkReplySchema,
  undoSeconds,
} from "@signalbox/protocol/compare";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../supabase";

/** Does one thing to several runs, in one transaction; what is refused leaves the others done. */
export async function bulkJobs(principal: UserPrincipal, body: BulkBody): Promise<BulkReply> {
  return bulkReplySchema.parse(
    await callRpc("bulk_jobs", {
      p_user_id: principal.userId,
      p_ids: body.ids,
      p_action: body.action,
      p_tag: body.tag ?? null,
      p_actor: principal.label,
      p_undo_seconds: undoSeconds,
    }),
  );
}
