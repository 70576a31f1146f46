import type { Highlight } from "@/components/charts/panel/highlight";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { CompareLegend } from "./charts/compare-legend";
import { groupRuns } from "./group-runs";
import type { CompareParams } from "./use-compare-params";
import type { ComparedRun } from "./use-compared-runs";

interface CompareSidebarProps {
  runs: readonly ComparedRun[];
  /** Ids that do not exist, or no longer. */
  missing: readonly string[];
  pending: boolean;
  params: CompareParams;
  highlight: Highlight;
}

/** The legend, and what is missing from it. */
export function CompareSidebar({ runs, missing, pending, params, highlight }: CompareSidebarProps) {
  const { hidden, toggleHidden, removeRuns } = params;
  const { group } = params.params;
  const jobs = runs.map(({ job }) => job);
  return (
    <aside
      aria-label="Legend"
      className="max-h-44 shrink-0 overflow-y-auto border-line p-2 max-lg:border-b lg:max-h-none lg:w-64 lg:border-r"
    >
      {pending ? <Skeleton className="m-2 h-4 w-40" /> : null}
      <CompareLegend
        runs={runs}
        hidden={hidden}
        highlight={highlight}
        group={group ? { field: group, values: groupRuns(jobs, group) } : null}
        onToggle={toggleHidden}
        onRemove={removeRuns}
      />
      {missing.length > 0 ? (
        <p className="px-2 pt-2 text-xs text-pretty text-muted">
          No longer available: <span className="font-mono">{missing.join(", ")}</span>{" "}
          <button type="button" className="underline" onClick={() => removeRuns(missing)}>
            Remove
          </button>
        </p>
      ) : null}
    </aside>
  );
}
