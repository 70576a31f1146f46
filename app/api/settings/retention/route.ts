import { retentionBodySchema } from "@/lib/contracts/retention";
import { apiRoute } from "@/lib/server/api-route";
import { readRetention, saveRetention } from "@/lib/server/retention/retention";

export const GET = apiRoute({ scope: "read" }, ({ principal }) => readRetention(principal));

export const PUT = apiRoute({ scope: "admin", body: retentionBodySchema }, ({ principal, body }) =>
  saveRetention(principal, body),
);
