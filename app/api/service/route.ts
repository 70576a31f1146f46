import { serviceReplySchema } from "@signalbox/protocol/service/service-status";
import { apiRoute } from "@/lib/server/api-route";
import { requireAdministrator } from "@/lib/server/auth/administrators";
import { readService } from "@/lib/server/service-metrics/read-service";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "Get the state of the service and what this web process has measured",
    details:
      "For administrators: the local owner, and the users whose e-mail addresses SIGNALBOX_ADMINISTRATORS lists. 404 for everybody else.",
    reply: serviceReplySchema,
    errors: ["not_found"],
  },
  async ({ principal }) => {
    await requireAdministrator(principal);
    return readService();
  },
);
