import type { Retention, RetentionBody } from "@signalbox/protocol/service/retention";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";

/** The user's retention settings, and how much data is stored. */
export async function readRetention(principal: UserPrincipal): Promise<Retention> {
  return callRpc("read_retention", { p_user_id: principal.userId });
}

/** Takes effect when the job monitor next runs, for runs of any age. */
export async function saveRetention(
  principal: UserPrincipal,
  body: RetentionBody,
): Promise<Retention> {
  return callRpc("save_retention", {
    p_user_id: principal.userId,
    p_archived_days: body.archived_days,
    p_points_days: body.points_days,
  });
}
