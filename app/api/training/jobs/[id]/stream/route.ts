import { z } from "zod";
import { jobIdSchema } from "@/lib/contracts/primitives";
import { apiRoute } from "@/lib/server/api-route";
import { jobStreamResponse } from "@/lib/server/realtime/stream-response";

export const dynamic = "force-dynamic";

/** The live stream of one job (contract §5). */
export const GET = apiRoute(
  { scope: "read", params: z.object({ id: jobIdSchema }) },
  ({ request, principal, params }) => jobStreamResponse(request, principal, params.id),
);
