import { saveViewBodySchema } from "@/lib/contracts/compare";
import { apiRoute } from "@/lib/server/api-route";
import { pageQuery } from "@/lib/server/route-params";
import { listViews, saveView } from "@/lib/server/views/views";

export const GET = apiRoute({ scope: "read", query: pageQuery }, ({ principal, query }) =>
  listViews(principal, query),
);

export const POST = apiRoute(
  { scope: "control", body: saveViewBodySchema },
  async ({ principal, body }) => Response.json(await saveView(principal, body), { status: 201 }),
);
