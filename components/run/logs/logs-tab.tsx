"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";
import { ScrollText, SearchX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { useDebounced } from "@/lib/hooks/page/use-debounced";
import { type TrainingStream, useStreamSlice } from "@/lib/hooks/use-training-stream";
import { LogList } from "./log-list";
import { LogToolbar } from "./log-toolbar";
import { useLogFiles } from "./use-log-files";
import { useLogLines } from "./use-log-lines";
import { useLogMatches } from "./use-log-matches";
import { useLogView } from "./use-log-view";

interface LogsTabProps {
  job: Job;
  stream: TrainingStream;
  liveFromSeq: number | null;
}

/** The trainer's output: live, complete, searchable. */
export function LogsTab({ job, stream, liveFromSeq }: LogsTabProps) {
  const view = useLogView();
  const [following, setFollowing] = useState(true);
  const follow = { following, onChange: setFollowing };
  const [goTo, setGoTo] = useState<{ index: number } | null>(null);
  const tail = useStreamSlice(stream, ({ logs }) => logs);
  const q = useDebounced(view.query.trim());
  const searching = q !== "" && view.query.trim() !== "";
  const source = { jobId: job.id, generation: job.generation };
  const all = useLogLines({
    ...source,
    liveFromSeq,
    tail: tail.lines,
    tailTotal: tail.totalLines,
  });
  const matches = useLogMatches(job.id, job.generation, searching ? q : "", tail.lines);

  const files = useLogFiles(job.id, all.total);

  const jump = (number: number) => {
    view.setQuery("");
    setFollowing(false);
    setGoTo({ index: all.indexOf(number) });
  };

  if (all.error && all.total === 0) {
    return <ErrorState title="Could not load the log" error={all.error} onRetry={all.retry} />;
  }
  if (all.loading) return <LogsSkeleton />;
  if (all.total === 0) return <NoLines job={job} />;
  return (
    <div className="flex flex-1 flex-col px-3 py-3 sm:px-4">
      <section
        aria-label="Log"
        className="flex min-h-96 flex-1 flex-col overflow-hidden rounded-lg border border-line bg-surface"
      >
        <LogToolbar
          view={view}
          searching={searching && matches.searching}
          count={searching ? matches.total : all.total}
          follow={follow}
          files={files}
        />
        {!searching ? (
          <LogList
            key="all"
            lines={all}
            view={{ ...view, needle: "" }}
            follow={follow}
            goTo={goTo}
          />
        ) : matches.error ? (
          <ErrorState title="Search failed" error={matches.error} onRetry={matches.retry} />
        ) : matches.count === 0 && !matches.searching ? (
          <EmptyState
            icon={<SearchX />}
            title={`No lines contain “${q}”`}
            action={<Button onClick={() => view.setQuery("")}>Clear search</Button>}
          />
        ) : (
          <LogList
            key="matches"
            lines={matches}
            view={{ ...view, needle: q }}
            follow={null}
            onJump={jump}
          />
        )}
      </section>
    </div>
  );
}

function NoLines({ job }: { job: Job }) {
  return isTerminal(job.status) ? (
    <EmptyState icon={<ScrollText />} title="No logs">
      This run ended without printing anything.
    </EmptyState>
  ) : (
    <EmptyState icon={<ScrollText />} title="Nothing printed yet">
      Output from the trainer appears here as it is printed, including standard error.
    </EmptyState>
  );
}

const skeletonWidths = ["w-72", "w-96", "w-60", "w-80", "w-52", "w-96", "w-64", "w-40", "w-88"];

function LogsSkeleton() {
  return (
    <div className="flex flex-1 flex-col px-3 py-3 sm:px-4" aria-busy>
      <div className="min-h-96 flex-1 overflow-hidden rounded-lg border border-line bg-surface">
        <div className="flex h-12 items-center border-b border-line px-2">
          <Skeleton className="h-8 w-64" />
        </div>
        <div className="flex flex-col gap-2 p-3">
          {skeletonWidths.map((width, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
            <Skeleton key={index} className={`max-w-full ${width}`} />
          ))}
        </div>
      </div>
    </div>
  );
}
