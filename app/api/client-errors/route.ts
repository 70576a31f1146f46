import {
  clientErrorBodySchema,
  clientErrorReplySchema,
} from "@signalbox/protocol/service/client-error";
import { apiRoute } from "@/lib/server/api-route";
import { countClientError } from "@/lib/server/service-metrics/count-client-error";

export const POST = apiRoute(
  {
    scope: "read",
    body: clientErrorBodySchema,
    maxBodyBytes: 8 * 1024,
    summary: "Report an error of a page",
    details:
      "The dashboard's pages call it. Errors are counted by kind and written to the server's log, nothing else is kept. At most 8 KiB, and 30 a minute for each user.",
    reply: { 202: clientErrorReplySchema },
    example: { kind: "error", message: "TypeError: x is undefined", page: "/runs" },
    errors: ["rate_limited"],
  },
  async ({ principal, body }) => Response.json(countClientError(principal, body), { status: 202 }),
);
