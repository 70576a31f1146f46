import type { ApiDocument } from "@signalbox/protocol/openapi";
import { buildDocument } from "@/lib/server/openapi/document";
import { routes } from "./routes";

let built: ApiDocument | null = null;

/** The API's description, built on first use. */
export function apiDocument(): ApiDocument {
  built ??= buildDocument(routes);
  return built;
}
