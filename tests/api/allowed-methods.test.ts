import { join } from "node:path";
import { expect, it } from "vitest";
import { allowedMethods, readApiMethods } from "../../web/api-methods.ts";
import { loadRoutes } from "./router.ts";

it("Allow names the methods of every route as it is loaded, re-exported ones too", async () => {
  const methods = readApiMethods(join(import.meta.dirname, "../.."));
  for (const { pattern, handlers } of await loadRoutes()) {
    const own = [...handlers.keys()];
    const all = [...own, ...(own.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
    expect([pattern, allowedMethods(methods, pattern)]).toEqual([pattern, all.sort()]);
  }
});
