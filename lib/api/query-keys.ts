import type { JobsQuery } from "./jobs.ts";

/** Every key of the query cache comes from here, so that an invalidation never misses by a typo. */
export const queryKeys = {
  jobs: {
    all: ["jobs"] as const,
    list: (query: JobsQuery) => ["jobs", "list", query] as const,
    pages: (query: JobsQuery) => ["jobs", "pages", query] as const,
    one: (id: string) => ["jobs", "one", id] as const,
    commands: (id: string) => ["jobs", "one", id, "commands"] as const,
    metrics: (id: string, query: object) => ["jobs", "one", id, "metrics", query] as const,
    logs: (id: string, query: object) => ["jobs", "one", id, "logs", query] as const,
    timeline: (id: string) => ["jobs", "one", id, "timeline"] as const,
    errors: (id: string) => ["jobs", "one", id, "errors"] as const,
  },
  capabilities: ["capabilities"] as const,
  apiKeys: ["api-keys"] as const,
  retention: ["retention"] as const,
  trainerQueue: ["trainer-queue"] as const,
  usage: ["usage"] as const,
  session: ["session"] as const,
  health: ["health"] as const,
  service: ["service"] as const,
};
