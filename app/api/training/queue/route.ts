import { trainerQueueSchema } from "@signalbox/protocol/service/trainer-queue";
import { apiRoute } from "@/lib/server/api-route";
import { readTrainerQueue } from "@/lib/server/jobs/trainer-queue";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "Get your places in the queue of the training backend",
    details:
      "Runs beyond the limit of running trainers wait, queued. Users take turns: the next place is for whoever runs the fewest trainers, then for whoever started one longest ago; each user's runs keep their order. A queued run can be stopped, and keeps its place while the dashboard restarts.",
    reply: trainerQueueSchema,
    errors: ["unsupported", "backend_unavailable"],
  },
  ({ principal }) => readTrainerQueue(principal),
);
