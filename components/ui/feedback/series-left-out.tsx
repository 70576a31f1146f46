import type { Job } from "@signalbox/protocol/job/job";
import { formatInteger } from "@/lib/format/number";

interface SeriesLeftOutProps {
  job: Pick<Job, "name" | "latest_total">;
  /** How many of its series the page lists. */
  listed: number;
  /** Names the run, where the page shows several. */
  named?: boolean;
}

/** Says so where a run has more series than its page lists; nothing otherwise. */
export function SeriesLeftOut({ job, listed, named = false }: SeriesLeftOutProps) {
  const total = job.latest_total ?? 0;
  if (listed >= total) return null;
  return (
    <p className="text-xs text-muted">
      {named ? `${job.name}: ` : ""}
      {formatInteger(listed)} of {formatInteger(total)} series, losses, rewards and rates first.
      Read the others from the API, or sort the list of runs by them.
    </p>
  );
}
