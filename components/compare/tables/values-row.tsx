import type { Job } from "@signalbox/protocol/job/job";
import { ownValue } from "@signalbox/protocol/wire/json";
import { cn } from "@/components/ui/cn";
import {
  betterDirection,
  formatPercentChange,
  isBetter,
  numberOf,
  percentAgainst,
} from "@/lib/compare/run-value";
import { formatSeriesValue } from "@/lib/format/number";

interface ValuesRowProps {
  /** The series. */
  name: string;
  jobs: readonly Job[];
  baseline: Job | undefined;
  /** The best value of a run, if known. */
  bestOf: (job: Job) => number | undefined;
}

/** The last and best value of one series for each run. */
export function ValuesRow({ name, jobs, baseline, bestOf }: ValuesRowProps) {
  const values = jobs.map((job) => numberOf(ownValue(job.latest, name) ?? null));
  const known = values.flatMap((value) => value ?? []);
  const top = bestValue(name, known);
  return (
    <tr className="border-t border-line hover:bg-hover">
      <th
        scope="row"
        title={name}
        className="sticky left-0 max-w-60 truncate bg-surface px-3 py-1.5 text-left font-mono text-xs font-normal text-muted"
      >
        {name}
      </th>
      {jobs.map((job, index) => {
        const value = values[index] ?? null;
        const best = bestOf(job);
        return (
          <td key={job.id} className="nums px-3 py-1.5 whitespace-nowrap">
            <span
              className={cn(
                "font-mono text-xs",
                value !== null && value === top && known.length > 1 && "font-semibold",
              )}
            >
              {value === null ? "–" : formatSeriesValue(name, value)}
            </span>
            {baseline && baseline.id !== job.id ? (
              <Change
                name={name}
                change={percentAgainst(value, ownValue(baseline.latest, name) ?? null)}
              />
            ) : null}
            {best === undefined ? null : (
              <span className="ml-2 font-mono text-xs text-faint">
                ({formatSeriesValue(name, best)})
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
}

function bestValue(name: string, values: readonly number[]): number | null {
  const direction = betterDirection(name);
  if (direction === null) return null;
  return direction === "lower" ? Math.min(...values) : Math.max(...values);
}

/** Green for better, red for worse, if the series' name says which is which. */
function Change({ name, change }: { name: string; change: number | null }) {
  if (change === null) return null;
  const better = isBetter(name, change);
  const colour = better === null ? "text-faint" : better ? "text-succeeded" : "text-failed";
  return <span className={cn("ml-2 text-xs", colour)}>{formatPercentChange(change)}</span>;
}
