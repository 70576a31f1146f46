import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";

const reply = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });

export const GET = apiRoute(
  { scope: "public", summary: "Get this API description (OpenAPI 3.1)", reply },
  // Imported lazily: the description is made of all routes, including this one.
  async () => (await import("./document")).apiDocument(),
);
