import { type Retention, type RetentionBody, retentionSchema } from "@signalbox/protocol/retention";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../supabase";

/** How long the user's data is kept, and how much there is. */
export async function readRetention(principal: UserPrincipal): Promise<Retention> {
  return retentionSchema.parse(await callRpc("read_retention", { p_user_id: principal.userId }));
}

/** Applies from the next round of the job watch on, to runs of any age. */
export async function saveRetention(
  principal: UserPrincipal,
  body: RetentionBody,
): Promise<Retention> {
  return retentionSchema.parse(
    await callRpc("save_retention", {
      p_user_id: principal.userId,
      p_archived_days: body.archived_days,
      p_points_days: body.points_days,
    }),
  );
}
