"use client";

import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { Milestone } from "lucide-react";
import { parseAsArrayOf, parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { useNow } from "@/lib/hooks/page/use-now";
import { useTimeline } from "@/lib/hooks/runs/use-timeline";
import { type TrainingStream, useStreamSlice } from "@/lib/hooks/use-training-stream";
import { type EntryKind, entriesOf, entryKinds } from "./timeline-entries";
import { groupByDay, itemFromActivity, itemFromReply, mergeTimeline } from "./timeline-items";
import { TimelineRow } from "./timeline-row";

interface TimelineTabProps {
  job: Job;
  commands: readonly Command[];
  stream: TrainingStream;
  liveFromSeq: number | null;
}

const kindLabels: Record<EntryKind, string> = {
  status: "State changes",
  phase: "Phases",
  event: "Events",
  command: "Commands",
  progress: "Progress",
};

/** The activity of a run, newest first. */
export function TimelineTab({ job, commands, stream, liveFromSeq }: TimelineTabProps) {
  const [hidden, setHidden] = useQueryState(
    "hide",
    parseAsArrayOf(parseAsStringLiteral(entryKinds)).withDefault([]),
  );
  const activity = useStreamSlice(stream, (snapshot) => snapshot.activity);
  const history = useTimeline(job.id, job.generation, liveFromSeq);
  const now = useNow(60_000) ?? 0;
  const pages = history.data?.pages;
  const items = useMemo(() => {
    const rows = pages?.flatMap((page) => page.events) ?? [];
    const past = rows.map(itemFromReply).filter((item) => item !== null);
    return mergeTimeline(past, activity.map(itemFromActivity), commands);
  }, [pages, activity, commands]);
  const shown = useMemo(() => entriesOf(items, hidden), [items, hidden]);

  if (history.isPending && items.length === 0) return <TimelineSkeleton />;
  if (history.error && items.length === 0) {
    return (
      <ErrorState
        title="Could not load the timeline"
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    );
  }
  return (
    <div className="flex w-full max-w-3xl flex-col gap-4 px-3 py-3 sm:px-4">
      <fieldset aria-label="Show" className="flex flex-wrap gap-1.5">
        {entryKinds.map((kind) => {
          const on = !hidden.includes(kind);
          return (
            <Button
              key={kind}
              size="sm"
              aria-pressed={on}
              className={cn("rounded-full", !on && "border-dashed text-faint line-through")}
              onClick={() =>
                void setHidden(on ? [...hidden, kind] : hidden.filter((other) => other !== kind))
              }
            >
              {kindLabels[kind]}
            </Button>
          );
        })}
      </fieldset>
      {history.error ? (
        <ErrorState
          inline
          title="Could not load older entries"
          error={history.error}
          onRetry={() => void history.refetch()}
        />
      ) : null}
      {shown.length === 0 ? (
        <EmptyState
          icon={<Milestone />}
          title={items.length === 0 ? "No activity yet" : "All entries are hidden"}
        >
          State changes, phases, events and commands appear here, with who requested them and when.
        </EmptyState>
      ) : (
        groupByDay(shown, now).map(({ day, items: ofDay }) => (
          <section key={day} aria-label={day}>
            <h2 className="sticky top-23 z-10 bg-canvas py-1 text-xs font-medium text-faint max-sm:static">
              {day}
            </h2>
            <ol className="relative before:absolute before:inset-y-3 before:left-2.5 before:w-px before:-translate-x-1/2 before:bg-line">
              {ofDay.map((item) => (
                <TimelineRow key={item.key} item={item} />
              ))}
            </ol>
          </section>
        ))
      )}
      {history.hasNextPage ? (
        <Button
          className="self-start"
          pending={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show older entries
        </Button>
      ) : null}
    </div>
  );
}

function TimelineSkeleton() {
  return (
    <div className="flex w-full max-w-3xl flex-col gap-5 px-3 py-4 sm:px-4" aria-busy>
      {["a", "b", "c", "d", "e", "f"].map((key) => (
        <div key={key} className="flex items-center gap-3">
          <Skeleton className="size-5 rounded-full" />
          <Skeleton className="h-3.5 w-48" />
          <Skeleton className="ml-auto w-20" />
        </div>
      ))}
    </div>
  );
}
