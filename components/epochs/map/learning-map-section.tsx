"use client";

import { betterDirection } from "@signalbox/protocol/data/score";
import { useId } from "react";
import { cn } from "@/components/ui/cn";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { type MapData, usePredictionMap } from "@/lib/hooks/predictions/use-prediction-map";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import { type RowHeight, rowHeights } from "@/lib/predictions/map/map-picture";
import type { Comparing, EpochMeasures } from "@/lib/predictions/scores/epoch-measures";
import type { EpochParams } from "../use-epoch-params";
import { MapCanvas } from "./map-canvas";
import { MapLegend } from "./map-legend";
import { chooseColour, chooseOrder, MapOptions } from "./map-options";
import { MapTotals } from "./map-totals";
import { useMapView } from "./use-map-view";

interface LearningMapSectionProps {
  jobId: string;
  measures: EpochMeasures;
  comparing: Comparing;
  choice: EpochChoice;
  epochs: EpochParams;
  /** Whether the map is the only section shown. */
  alone: boolean;
  onOpen: (sample: number, epoch: number) => void;
}

function readRowHeight(value: string): RowHeight {
  return rowHeights.find((height) => String(height) === value) ?? "fit";
}

/** Every sample at every epoch in one picture: when it was learned and forgotten. */
export function LearningMapSection(props: LearningMapSectionProps) {
  const { jobId, alone } = props;
  const { data, error, refetch } = usePredictionMap(jobId);
  return (
    <section
      aria-label="Learning map"
      data-map-samples={data?.map.sampleCount}
      className={cn(
        "flex min-h-120 min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-3 pt-2 max-xl:h-[calc(100dvh-12rem)]",
        alone ? "flex-1" : "xl:w-104 xl:shrink-0",
      )}
    >
      <h2 className="text-sm font-medium">Learning map</h2>
      {data ? (
        <LoadedMap {...props} data={data} />
      ) : error ? (
        <ErrorState title="Could not load the map" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-auto flex-1" />
      )}
    </section>
  );
}

function LoadedMap(props: LearningMapSectionProps & { data: MapData }) {
  const { jobId, data, measures, comparing, choice, epochs, onOpen } = props;
  const { params } = epochs;
  const id = useId();
  const colour = chooseColour(params.colour, measures);
  const order = chooseOrder(params.order, colour, measures.scored);
  // The reader's own word on what is better counts for the map, too.
  const better = colour === comparing.by ? comparing.better : betterDirection(colour);
  const { view, error, retry } = useMapView(jobId, data, { colour, order, better });
  return (
    <>
      <MapTotals id={id} totals={data.learning.totals} hasScores={measures.scores.length > 0} />
      <MapOptions epochs={epochs} measures={measures} colour={colour} order={order} />
      {view ? (
        <>
          <MapCanvas
            jobId={jobId}
            view={view}
            rowHeight={readRowHeight(params.row)}
            choice={choice}
            selected={params.sample}
            onOpen={onOpen}
            describedBy={id}
          />
          <MapLegend view={view} />
        </>
      ) : error ? (
        <ErrorState title="Could not load the score's values" error={error} onRetry={retry} />
      ) : (
        <Skeleton className="h-auto flex-1" />
      )}
    </>
  );
}
