import type { SavedView, SaveViewBody } from "@signalbox/protocol/data/compare";
import { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { AppError } from "../errors";
import { callRpc } from "../rpc/call-rpc";

/** The user's saved views, by page and name. */
export async function listViews(principal: UserPrincipal, page: { limit: number; offset: number }) {
  return callRpc("list_views", {
    p_user_id: principal.userId,
    p_limit: page.limit,
    p_offset: page.offset,
  });
}

/** Saves a view; one of the same page and name is replaced. */
export async function saveView(principal: UserPrincipal, body: SaveViewBody): Promise<SavedView> {
  return callRpc("save_view", {
    p_user_id: principal.userId,
    p_page: body.page,
    p_name: body.name,
    p_query: body.query,
  });
}

/** Throws not_found. */
export async function deleteView(principal: UserPrincipal, id: string): Promise<void> {
  if (!z.uuid().safeParse(id).success) {
    throw new AppError("not_found", "View not found.");
  }
  await callRpc("delete_view", { p_user_id: principal.userId, p_id: id });
}
