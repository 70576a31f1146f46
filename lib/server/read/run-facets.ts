import type { Facets } from "@signalbox/protocol/data/compare";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";

/** The fields by which the user's runs can be shown, sorted and filtered. */
export async function readRunFacets(principal: UserPrincipal): Promise<Facets> {
  return callRpc("run_facets", { p_user_id: principal.userId });
}
