/** What the dashboard answers and takes; `tests/sdk` holds these to the server's own schemas. */
export * from "./types/activity.ts";
export * from "./types/job.ts";
export * from "./types/metrics.ts";
export * from "./types/prediction.ts";
export * from "./types/service.ts";
