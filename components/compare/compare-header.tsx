import type { Job } from "@signalbox/protocol/job/job";
import Link from "next/link";
import { SavedViews } from "@/components/runs/toolbar/saved-views";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/inputs/select";
import { LiveIndicator } from "@/components/ui/status/live-indicator";
import { differences } from "@/lib/compare/differences";
import type { Connection } from "@/lib/stream/connection/connection";
import { AddRuns } from "./add-runs";
import { fieldTitle } from "./group-runs";
import type { CompareParams } from "./use-compare-params";

interface CompareHeaderProps {
  jobs: readonly Job[];
  connection: Connection;
  params: CompareParams;
}

const none = "";

/** Title and connection, grouping, saved views and the choice of runs. */
export function CompareHeader({ jobs, connection, params }: CompareHeaderProps) {
  const { ids, set, chooseRuns } = params;
  const { group } = params.params;
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2 sm:px-4">
      <h1 className="flex items-baseline gap-1.5 text-base font-semibold tracking-tight">
        Compare
        <span className="nums text-sm font-normal text-faint">{ids.length} runs</span>
      </h1>
      <LiveIndicator connection={connection} />
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {ids.length === 2 ? <CompareEpochs ids={ids} /> : null}
        <Select
          label="Group by"
          className="h-7 w-44 text-xs"
          value={group ?? none}
          onValueChange={(next) => void set({ group: next === none ? null : next })}
          options={[
            { value: none, label: "No grouping" },
            ...groupFields(jobs, group).map((field) => {
              return { value: field, label: `By ${fieldTitle(field)}` };
            }),
          ]}
        />
        <SavedViews page="compare" />
        <AddRuns ids={ids} onChange={chooseRuns} />
      </div>
    </header>
  );
}

/** The fields to group by: those that differ between the runs, the status, and the current one. */
function groupFields(jobs: readonly Job[], current: string | null): string[] {
  const differing = differences(jobs)
    .filter((row) => row.differs && row.path !== "tags")
    .map(({ path }) => (["kind", "model", "dataset"].includes(path) ? path : `config.${path}`));
  return [...new Set([...differing, "status", ...(current ? [current] : [])])];
}

function CompareEpochs({ ids: [first = "", second = ""] }: { ids: readonly string[] }) {
  const href = `/runs/${encodeURIComponent(first)}?tab=epochs&run=${encodeURIComponent(second)}`;
  return (
    <Button size="sm" nativeButton={false} render={<Link href={href} />}>
      Compare epochs
    </Button>
  );
}
