import { successReplySchema } from "@signalbox/protocol/data/read";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { deleteView } from "@/lib/server/views/views";

export const DELETE = apiRoute(
  {
    scope: "control",
    params: z.object({ id: z.string() }),
    summary: "Delete a saved view",
    reply: successReplySchema,
    errors: ["not_found"],
  },
  async ({ principal, params }) => {
    await deleteView(principal, params.id);
    return { success: true };
  },
);
