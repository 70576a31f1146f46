import { ingestPredictionsBodySchema } from "@/lib/contracts/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { ingestPredictions } from "@/lib/server/predictions/ingest-predictions";

export const POST = apiRoute(
  { scope: "ingest", body: ingestPredictionsBodySchema },
  ingestPredictions,
);
