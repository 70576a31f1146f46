import type { ComparedPrediction, PredictionsReply } from "@signalbox/protocol/data/prediction";
import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { getPredictions, type PredictionsRequest, predictionKeys } from "@/lib/api/predictions";
import { pageSize } from "@/lib/predictions/page-window";

/** The table's query, without the page. */
export type PredictionView = Omit<PredictionsRequest, "limit" | "offset">;

export interface PredictionRows {
  /** Null before the first reply. */
  total: number | null;
  rowAt: (index: number) => ComparedPrediction | undefined;
  /** The index of a sample, if it is loaded. */
  placeOf: (sample: number) => number | null;
  /** The previous view is still shown. */
  busy: boolean;
  error: Error | null;
  retry: () => void;
}

interface LoadedPage {
  page: number;
  reply: PredictionsReply;
}

interface Loaded {
  pages: ReadonlyMap<number, ComparedPrediction[]>;
  total: number | null;
  error: Error | null;
  pending: boolean;
  retry: () => void;
}

function combine(results: UseQueryResult<LoadedPage>[]): Loaded {
  const pages = new Map<number, ComparedPrediction[]>();
  let newest = 0;
  let total: number | null = null;
  for (const { data, dataUpdatedAt } of results) {
    if (!data) continue;
    pages.set(data.page, data.reply.predictions);
    if (dataUpdatedAt < newest) continue;
    newest = dataUpdatedAt;
    total = data.reply.total_count;
  }
  const failed = results.filter((result) => result.error);
  return {
    pages,
    total,
    error: failed[0]?.error ?? null,
    pending: pages.size === 0 && failed.length === 0,
    retry: () => {
      for (const result of failed) void result.refetch();
    },
  };
}

const nothing: Loaded = {
  pages: new Map(),
  total: null,
  error: null,
  pending: true,
  retry: () => {},
};

/** The rows of one view, loaded in pages as they come into view. */
export function usePredictionRows(
  jobId: string,
  view: PredictionView,
  pages: readonly number[],
): PredictionRows {
  const loaded = useQueries({
    queries: pages.map((page) => {
      const query = { ...view, limit: pageSize, offset: page * pageSize };
      return {
        queryKey: predictionKeys.page(jobId, query),
        queryFn: async ({ signal }: { signal: AbortSignal }): Promise<LoadedPage> => ({
          page,
          reply: await getPredictions(jobId, query, signal),
        }),
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
        refetchOnWindowFocus: false,
      };
    }),
    combine,
  });

  // The previous view stays while another loads, so that scrubbing does not flash.
  const [before, setBefore] = useState(nothing);
  if (!loaded.pending && before !== loaded) setBefore(loaded);
  const shown = loaded.pending ? before : loaded;

  return useMemo(
    () => ({
      total: shown.total,
      rowAt: (index) => shown.pages.get(Math.floor(index / pageSize))?.[index % pageSize],
      placeOf: (sample) => {
        for (const [page, rows] of shown.pages) {
          const at = rows.findIndex((row) => row.sample_id === sample);
          if (at !== -1) return page * pageSize + at;
        }
        return null;
      },
      busy: loaded.pending,
      error: loaded.error,
      retry: loaded.retry,
    }),
    [shown, loaded.pending, loaded.error, loaded.retry],
  );
}
