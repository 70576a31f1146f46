import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { readPoints } from "@/lib/server/read/metrics";
import { jobParams } from "@/lib/server/route-params";

const query = z.object({
  after_step: z.coerce.number().int().min(-1).optional(),
  after_seq: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(200),
});

export const GET = apiRoute(
  { scope: "read", params: jobParams, query },
  ({ principal, params, query: page }) => readPoints(principal, params.id, page),
);
