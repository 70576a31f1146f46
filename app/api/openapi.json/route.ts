import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";

const reply = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });

export const GET = apiRoute(
  { scope: "public", summary: "This description, in OpenAPI 3.1", reply },
  // Imported late: the description is made of all routes, this one among them.
  async () => (await import("./document")).apiDocument(),
);
