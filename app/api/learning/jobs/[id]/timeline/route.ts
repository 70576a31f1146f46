import { z } from "zod";
import { pageBySeqQuerySchema } from "@/lib/contracts/read";
import { apiRoute } from "@/lib/server/api-route";
import { readTimeline } from "@/lib/server/read/activity";
import { jobParams } from "@/lib/server/route-params";

const query = pageBySeqQuerySchema.extend({
  before_seq: z.coerce.number().int().min(0).optional(),
});

export const GET = apiRoute(
  { scope: "read", params: jobParams, query },
  ({ principal, params, query: page }) => readTimeline(principal, params.id, page),
);
