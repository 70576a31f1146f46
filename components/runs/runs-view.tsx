"use client";

import { SearchX } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useCallback, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { useStartJob } from "@/lib/hooks/use-start-job";
import { defaultColumns } from "./column-ids";
import { NewRunDialog } from "./new-run-dialog";
import { RunsEmpty } from "./runs-empty";
import { RunsSkeleton } from "./runs-skeleton";
import { RunsTable } from "./runs-table";
import { RunsToolbar } from "./runs-toolbar";
import { SelectionBar } from "./selection-bar";
import { useLiveRuns } from "./use-live-runs";
import { useRunSelection } from "./use-run-selection";
import { useRunsParams } from "./use-runs-params";

/** The runs page: a live table, its filters in the URL, and the way to a new run. */
export function RunsView() {
  const runs = useRunsParams();
  const { params, query, filtered } = runs;
  const live = useLiveRuns(query);
  const { list, known, order, total } = live;
  const selection = useRunSelection();
  const start = useStartJob();
  const [newRun, setNewRun] = useQueryState("new", parseAsString);
  const openNew = useCallback(() => void setNewRun("1"), [setNewRun]);

  const tags = useMemo(() => {
    const all = new Set(params.tag);
    for (const job of known.values()) for (const tag of job.tags) all.add(tag);
    return [...all].sort((a, b) => a.localeCompare(b));
  }, [known, params.tag]);

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const onEndReached = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  const columns = params.cols ?? defaultColumns;
  const nothing = list.isSuccess && order.length === 0;
  const selected = selection.ids.flatMap((id) => known.get(id) ?? []);

  return (
    <div className="flex h-[calc(100dvh-3rem)] min-h-0 flex-col">
      <RunsToolbar
        total={list.isSuccess ? total : null}
        runs={runs}
        tags={tags}
        connection={live.connection}
        onNew={openNew}
      />
      {list.isPending ? (
        <RunsSkeleton columns={columns} />
      ) : list.isError && order.length === 0 ? (
        <ErrorState
          className="flex-1"
          title="The runs could not be loaded"
          error={list.error}
          onRetry={() => void list.refetch()}
          retrying={list.isFetching}
        />
      ) : nothing && (filtered || params.archived) ? (
        <NoMatch archived={params.archived} filtered={filtered} runs={runs} />
      ) : nothing || start.isPending || start.isSuccess ? (
        <RunsEmpty start={start} onCustomise={openNew} />
      ) : (
        <RunsTable
          known={known}
          order={order}
          total={total}
          view={query}
          columns={columns}
          sort={params.sort}
          onSort={(sort) => void runs.setParams({ sort })}
          selection={selection}
          onEndReached={hasNextPage ? onEndReached : undefined}
          busy={list.isPlaceholderData}
        />
      )}
      {selection.ids.length > 0 ? (
        <SelectionBar jobs={selected} count={selection.ids.length} onClear={selection.clear} />
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
  runs: ReturnType<typeof useRunsParams>;
}

function NoMatch({ archived, filtered, runs }: NoMatchProps) {
  return (
    <EmptyState
      className="flex-1"
      icon={<SearchX />}
      title={filtered ? "No run matches" : "The archive is empty"}
      action={
        filtered ? (
          <Button onClick={() => void runs.clearFilters()}>Clear the filters</Button>
        ) : (
          <Button onClick={() => void runs.setParams({ archived: null })}>Back to the runs</Button>
        )
      }
    >
      {filtered
        ? `None of your ${archived ? "archived " : ""}runs has all that the search and the filters ask for.`
        : "Runs you archive leave the list but keep everything they recorded."}
    </EmptyState>
  );
}
