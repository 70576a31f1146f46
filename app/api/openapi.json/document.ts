import type { ApiDocument } from "@signalbox/protocol/service/openapi";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { buildDocument } from "@/lib/server/openapi/document";
import { routes } from "./routes";

const reply = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });

/** The route of the description, which describes itself, too. */
export const GET = apiRoute(
  { scope: "public", summary: "Get this API description (OpenAPI 3.1)", reply },
  async () => apiDocument(),
);

export const documentedRoutes = { ...routes, "/api/openapi.json": { GET } };

let built: ApiDocument | null = null;

/** The API's description, built on first use. */
export function apiDocument(): ApiDocument {
  built ??= buildDocument(documentedRoutes);
  return built;
}
