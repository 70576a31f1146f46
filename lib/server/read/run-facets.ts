import { type Facets, facetsReplySchema } from "@signalbox/protocol/compare";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../supabase";

/** The fields by which the user's runs can be shown, sorted and filtered. */
export async function readRunFacets(principal: UserPrincipal): Promise<Facets> {
  return facetsReplySchema.parse(await callRpc("run_facets", { p_user_id: principal.userId }));
}
