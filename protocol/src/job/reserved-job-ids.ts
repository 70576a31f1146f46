import { jobIdSchema } from "../wire/primitives.ts";

/**
 * Names that stand where a job's id does in a path: below `/api/training`, its `jobs`, `local` and
 * `predictions`, below `/api/learning/jobs`, and of pages below `/runs`. Those of routes that are
 * planned are here, too: an id that is taken today would be out of reach tomorrow.
 */
export const reservedJobIds: ReadonlySet<string> = new Set([
  "agents",
  "artifacts",
  "available",
  "baselines",
  "bulk",
  "capabilities",
  "compare",
  "dataset",
  "datasets",
  "deploy",
  "facets",
  "jobs",
  "local",
  "metrics",
  "new",
  "predictions",
  "projects",
  "queue",
  "stream",
  "views",
]);

/** Whether an id could not be reached by its path: a route's name, or only dots. */
export function isReservedJobId(id: string): boolean {
  return reservedJobIds.has(id) || /^\.+$/.test(id);
}

/** The id of a job to create, or of one that exists. */
export const attachedJobIdSchema = jobIdSchema.describe(
  `The run's id. A new run cannot have the name of a route (${[...reservedJobIds].join(", ")}), nor an id of only dots.`,
);
