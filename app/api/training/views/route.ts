import {
  savedViewSchema,
  savedViewsSchema,
  saveViewBodySchema,
} from "@signalbox/protocol/data/compare";
import { apiRoute } from "@/lib/server/api-route";
import { pageQuery } from "@/lib/server/route-params";
import { listViews, saveView } from "@/lib/server/views/views";

export const GET = apiRoute(
  { scope: "read", query: pageQuery, summary: "List saved views", reply: savedViewsSchema },
  ({ principal, query }) => listViews(principal, query),
);

export const POST = apiRoute(
  {
    scope: "control",
    body: saveViewBodySchema,
    summary: "Save a view of the runs or compare page",
    details: "Replaces a view with the same page and name.",
    reply: { 201: savedViewSchema },
    example: { page: "runs", name: "failed", query: "state=failed" },
  },
  async ({ principal, body }) => Response.json(await saveView(principal, body), { status: 201 }),
);
