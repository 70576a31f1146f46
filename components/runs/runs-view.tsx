"use client";

import { SearchX } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useCallback } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { useStartJob } from "@/lib/hooks/runs/use-start-job";
import { useBaseline, useFacets } from "./data/use-facets";
import { useLiveRuns } from "./data/use-live-runs";
import { type RunsParams, useRunsParams } from "./data/use-runs-params";
import { NewRunDialog } from "./new-run/new-run-dialog";
import { RunsEmpty } from "./runs-empty";
import { RunsSkeleton } from "./runs-skeleton";
import { SelectionBar } from "./selection/selection-bar";
import { useRunSelection } from "./selection/use-run-selection";
import { defaultColumns } from "./table/column-ids";
import { RunsTable } from "./table/runs-table";
import { RunsToolbar } from "./toolbar/runs-toolbar";

/** The runs page: a live table with its filters in the URL. */
export function RunsView() {
  const runs = useRunsParams();
  const { params, filtered } = runs;
  const live = useLiveRuns(runs.query);
  const { list, known, order, total, groups } = live;
  const selection = useRunSelection();
  const start = useStartJob();
  const [newRun, setNewRun] = useQueryState("new", parseAsString);
  const openNew = useCallback(() => void setNewRun("1"), [setNewRun]);

  // The menus' choices are requested after the rows, which matter more.
  const facets = useFacets(list.isSuccess);
  const baseline = useBaseline(params.base, known);
  const columns = params.cols ?? defaultColumns;
  const nothing = list.isSuccess && (groups ? total === 0 : order.length === 0);
  const selected = selection.ids.flatMap((id) => known.get(id) ?? []);

  return (
    <div className="flex h-[calc(100dvh-3rem)] min-h-0 flex-col">
      <RunsToolbar
        total={list.isSuccess ? total : null}
        runs={runs}
        facets={facets}
        baseline={baseline}
        connection={live.connection}
        onNew={openNew}
      />
      {list.isPending ? (
        <RunsSkeleton columns={columns} />
      ) : list.isError && order.length === 0 ? (
        <ErrorState
          className="flex-1"
          title="Could not load runs"
          error={list.error}
          onRetry={() => void list.refetch()}
          retrying={list.isFetching}
        />
      ) : nothing && (filtered || params.archived) ? (
        <NoMatch archived={params.archived} filtered={filtered} runs={runs} />
      ) : nothing || start.isPending || start.isSuccess ? (
        <RunsEmpty start={start} onCustomise={openNew} />
      ) : (
        <RunsTable live={live} runs={runs} selection={selection} baseline={baseline} />
      )}
      {selection.ids.length > 0 ? (
        <SelectionBar
          jobs={selected}
          ids={selection.ids}
          onClear={selection.clear}
          onBaseline={(id) => void runs.setParams({ base: id })}
        />
      ) : null}
      <NewRunDialog
        open={newRun !== null}
        onOpenChange={(open) => void setNewRun(open ? "1" : null)}
      />
    </div>
  );
}

interface NoMatchProps {
  archived: boolean;
  filtered: boolean;
  runs: RunsParams;
}

function NoMatch({ archived, filtered, runs }: NoMatchProps) {
  return (
    <EmptyState
      className="flex-1"
      icon={<SearchX />}
      title={filtered ? "No matching runs" : "No archived runs"}
      action={
        filtered ? (
          <Button onClick={() => void runs.clearFilters()}>Clear filters</Button>
        ) : (
          <Button onClick={() => void runs.setParams({ archived: null })}>Back to runs</Button>
        )
      }
    >
      {filtered
        ? `None of your ${archived ? "archived " : ""}runs match the search and filters.`
        : "Archived runs are hidden from this list but keep all their data."}
    </EmptyState>
  );
}
