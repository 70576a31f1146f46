import type { LogLine } from "@signalbox/protocol/stream/stream-row";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLogPages, useLogTotal } from "@/lib/hooks/runs/use-logs";
import { findLine, logPageSize, maxLogRows, pagesOf } from "./log-window";

interface LogLinesOptions {
  jobId: string;
  generation: string;
  liveFromSeq: number | null;
  tail: readonly LogLine[];
  tailTotal: number;
}

/** All lines of the log: live ones from the stream, older ones loaded in pages. */
export function useLogLines({ jobId, generation, liveFromSeq, tail, tailTotal }: LogLinesOptions) {
  const [range, setRange] = useState({ first: 0, last: -1 });
  const totals = useLogTotal(jobId, generation, liveFromSeq);
  const total = Math.max(tailTotal, totals.data?.total_lines ?? 0);
  const base = Math.max(0, total - maxLogRows);
  const count = total - base;

  const firstShown = base + range.first + 1;
  const lastShown = Math.min(total, base + range.last + 1);
  const tailCovers =
    findLine(tail, firstShown) !== undefined && findLine(tail, lastShown) !== undefined;
  const wanted = useMemo(
    () => (tailCovers ? [] : pagesOf(firstShown, lastShown)),
    [tailCovers, firstShown, lastShown],
  );
  const queries = useLogPages({ jobId, generation, pages: wanted, pageSize: logPageSize });
  const pages = new Map(wanted.map((page, index) => [page, queries[index]]));

  const lineAt = (index: number): LogLine | undefined => {
    const number = base + index + 1;
    const live = findLine(tail, number);
    if (live) return live;
    const page = pages.get(Math.floor((number - 1) / logPageSize));
    return page?.data ? findLine(page.data.logs, number) : undefined;
  };

  // The history: a page that was read before it was full is read again.
  useEffect(() => {
    for (const [page, query] of pages) {
      if (!query?.data || query.isFetching || query.isError) continue;
      const end = Math.min(total, (page + 1) * logPageSize);
      const lastLoaded = query.data.logs.at(-1)?.line ?? 0;
      const missing = lastLoaded < Math.min(end, lastShown);
      if (missing && !findLine(tail, lastLoaded + 1)) void query.refetch();
    }
  });

  return {
    count,
    total,
    loading: totals.isPending && tailTotal === 0,
    error: totals.error,
    retry: () => void totals.refetch(),
    numberAt: useCallback((index: number) => base + index + 1, [base]),
    indexOf: (number: number) => number - base - 1,
    lineAt,
    onRange: useCallback((first: number, last: number) => {
      setRange((before) =>
        before.first === first && before.last === last ? before : { first, last },
      );
    }, []),
  };
}
