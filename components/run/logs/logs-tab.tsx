"use client";

import type { Job } from "@signalbox/protocol/job";
import { ScrollText, SearchX } from "lucide-react";
import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { describeError } from "@/lib/api/errors";
import { useDebounced } from "@/lib/hooks/page/use-debounced";
import { type TrainingStream, useStreamSlice } from "@/lib/hooks/use-training-stream";
import { isTerminal } from "@/lib/jobs/job-status";
import { LogList } from "./log-list";
import { LogToolbar } from "./log-toolbar";
import { useLogLines } from "./use-log-lines";
import { useLogMatches } from "./use-log-matches";
import { saveText, wholeLog } from "./whole-log";

interface LogsTabProps {
  job: Job;
  stream: TrainingStream;
  liveFromSeq: number | null;
}

/** What the trainer prints: live, all of it, searchable. */
export function LogsTab({ job, stream, liveFromSeq }: LogsTabProps) {
  const [query, setQuery] = useQueryState("find", parseAsString.withDefault(""));
  const [wrap, setWrap] = useQueryState("wrap", parseAsBoolean.withDefault(true));
  const [timestamps, setTimestamps] = useQueryState("times", parseAsBoolean.withDefault(false));
  const [follow, setFollow] = useState(true);
  const [goTo, setGoTo] = useState<{ index: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const tail = useStreamSlice(stream, ({ logs }) => logs);
  const q = useDebounced(query.trim());
  const searching = q !== "" && query.trim() !== "";
  const source = { jobId: job.id, generation: job.generation };
  const all = useLogLines({
    ...source,
    liveFromSeq,
    tail: tail.lines,
    tailTotal: tail.totalLines,
  });
  const matches = useLogMatches(job.id, job.generation, searching ? q : "", tail.lines);

  const jump = (number: number) => {
    void setQuery("");
    setFollow(false);
    setGoTo({ index: all.indexOf(number) });
  };
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toast.error("The log could not be read", { description: describeError(error).message });
    } finally {
      setBusy(false);
    }
  };
  const copy = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(await wholeLog(job.id, 5000));
      toast.success(all.total > 5000 ? "The last 5,000 lines are copied" : "The log is copied");
    });
  const download = () =>
    attempt(async () => saveText(`${job.id.replaceAll(":", "_")}.log`, await wholeLog(job.id)));

  if (all.error && all.total === 0) {
    return <ErrorState title="The log did not load" error={all.error} onRetry={all.retry} />;
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
          query={query}
          onQuery={(next) => void setQuery(next)}
          searching={searching && matches.searching}
          count={searching ? matches.total : all.total}
          follow={follow}
          onFollow={setFollow}
          wrap={wrap}
          onWrap={(on) => void setWrap(on)}
          timestamps={timestamps}
          onTimestamps={(on) => void setTimestamps(on)}
          onCopy={() => void copy()}
          onDownload={() => void download()}
          busy={busy}
        />
        {!searching ? (
          <LogList
            key="all"
            {...all}
            follow={follow}
            onFollow={setFollow}
            goTo={goTo}
            wrap={wrap}
            timestamps={timestamps}
            needle=""
          />
        ) : matches.error ? (
          <ErrorState title="The search failed" error={matches.error} onRetry={matches.retry} />
        ) : matches.lines.length === 0 && !matches.searching ? (
          <EmptyState
            icon={<SearchX />}
            title={`No line holds “${q}”`}
            action={<Button onClick={() => void setQuery("")}>Clear the search</Button>}
          />
        ) : (
          <LogList
            key="matches"
            count={matches.lines.length}
            numberAt={(index) => matches.lines[index]?.line ?? 0}
            lineAt={(index) => matches.lines[index]}
            onRange={matches.onRange}
            follow={null}
            goTo={null}
            wrap={wrap}
            timestamps={timestamps}
            needle={q}
            onJump={jump}
          />
        )}
      </section>
    </div>
  );
}

function NoLines({ job }: { job: Job }) {
  return isTerminal(job.status) ? (
    <EmptyState icon={<ScrollText />} title="No log">
      This run ended without printing a line.
    </EmptyState>
  ) : (
    <EmptyState icon={<ScrollText />} title="Nothing printed yet">
      Lines appear here as the trainer prints them, standard error included.
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
