import { nextCommandReplySchema } from "@signalbox/protocol/job/command";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { nextCommand } from "@/lib/server/commands/next-command";
import { jobParams } from "@/lib/server/route-params";

const query = z.object({ wait: z.coerce.number().min(0).max(60).default(0) });

export const GET = apiRoute(
  {
    scope: "ingest",
    programsOnly: true,
    params: jobParams,
    query,
    summary: "Wait for the next command (long poll)",
    details:
      "Waits up to wait seconds; null if no command arrives. A command that is not acknowledged within 30 s is delivered again.",
    reply: nextCommandReplySchema,
  },
  async ({ request, principal, params, query: { wait } }) => ({
    command: await nextCommand(principal, params.id, wait * 1000, request.signal),
  }),
);
