import { needsComparison } from "@signalbox/protocol/data/prediction-query";
import { betterDirection } from "@signalbox/protocol/data/score";
import { useMemo } from "react";
import { useDebounced } from "@/lib/hooks/page/use-debounced";
import { useThrottled } from "@/lib/hooks/page/use-throttled";
import type { PredictionView } from "@/lib/hooks/predictions/use-prediction-rows";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import type { Comparing } from "@/lib/predictions/scores/epoch-measures";
import type { EpochParams } from "../use-epoch-params";

/** Shortest time between two requests while scrubbing. */
const scrubMs = 120;

/** The table's query, debounced and throttled. */
export function usePredictionView(
  choice: EpochChoice,
  { params }: EpochParams,
  { by, better }: Comparing,
): PredictionView {
  const q = useDebounced(params.q.trim(), params.q === "" ? 0 : 250);
  const { sort, filter, where } = params;
  const { epoch, compare } = useThrottled(
    useMemo(
      () => ({ epoch: choice.epoch, compare: choice.compare }),
      [choice.epoch, choice.compare],
    ),
    scrubMs,
  );
  return useMemo(
    () => ({
      epoch,
      ...(compare === null ? {} : { changed_from: compare }),
      sort: compare === null && needsComparison(sort) ? "index" : sort,
      ...(filter === null || (compare === null && needsComparison(filter)) ? {} : { filter }),
      by,
      ...(better === betterDirection(by) ? {} : { better }),
      ...(where.length === 0 ? {} : { where }),
      ...(q === "" ? {} : { q }),
    }),
    [epoch, compare, sort, filter, where, by, better, q],
  );
}
