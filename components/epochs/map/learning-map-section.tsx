"use client";

import { useId, useMemo } from "react";
import { cn } from "@/components/ui/cn";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { Select } from "@/components/ui/inputs/select";
import { Tooltip } from "@/components/ui/overlays/tooltip";
import { formatInteger } from "@/lib/format/number";
import { type MapData, usePredictionMap } from "@/lib/hooks/predictions/use-prediction-map";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import {
  type LearningTotals,
  type MapOrder,
  orderSamples,
} from "@/lib/predictions/map/learning-map";
import { type RowHeight, rowHeights } from "@/lib/predictions/map/map-picture";
import { Segmented } from "../segmented";
import type { EpochParams } from "../use-epoch-params";
import { MapCanvas } from "./map-canvas";
import { MapLegend } from "./map-legend";

interface LearningMapSectionProps {
  jobId: string;
  choice: EpochChoice;
  epochs: EpochParams;
  /** Whether the map is the only section shown. */
  alone: boolean;
  onOpen: (sample: number, epoch: number) => void;
}

const orderLabels: Record<MapOrder, string> = {
  index: "Sample order",
  learned: "Learned first",
  forgotten: "Most forgotten",
  error: "Highest final error",
};

function isOrder(value: string): value is MapOrder {
  return value in orderLabels;
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
  const { jobId, data, choice, epochs, onOpen } = props;
  const { params, set } = epochs;
  const id = useId();
  const { learning } = data;
  const order = useMemo(() => orderSamples(learning, params.order), [learning, params.order]);
  const small = "h-7 w-auto text-xs pointer-coarse:h-9";
  return (
    <>
      <Totals id={id} totals={learning.totals} />
      <div className="flex flex-wrap items-center gap-1.5">
        <Segmented
          label="Colour by"
          value={params.colour}
          onValueChange={(colour) => void set({ colour })}
          options={[
            { value: "error", label: "Error rate" },
            { value: "verdict", label: "Correctness" },
          ]}
        />
        <Select
          label="Map order"
          className={small}
          value={params.order}
          onValueChange={(value) => void set({ order: isOrder(value) ? value : null })}
          options={Object.entries(orderLabels).map(([value, label]) => ({ value, label }))}
        />
        <Select
          label="Row height"
          className={small}
          value={params.row}
          onValueChange={(row) => void set({ row })}
          options={[
            { value: "fit", label: "Fit all" },
            ...rowHeights.map((height) => ({ value: String(height), label: `${height} px` })),
          ]}
        />
      </div>
      <MapCanvas
        jobId={jobId}
        data={data}
        order={order}
        colouring={params.colour}
        rowHeight={readRowHeight(params.row)}
        choice={choice}
        selected={params.sample}
        onOpen={onOpen}
        describedBy={id}
      />
      <MapLegend map={data.map} colouring={params.colour} />
    </>
  );
}

const meanings = {
  learned: "Answered correctly at one epoch or more.",
  forgotten: "Changed from correct to incorrect between epochs at least once (Toneva et al. 2019).",
  never: "Incorrect at every epoch.",
};

/** The map as numbers. */
function Totals({ id, totals }: { id: string; totals: LearningTotals }) {
  const figures: [keyof typeof meanings, string, number][] = [
    ["learned", "learned", totals.learned],
    ["forgotten", "forgotten", totals.forgotten],
    ["never", "never learned", totals.never],
  ];
  if (totals.scored === 0) {
    return (
      <p id={id} className="text-xs text-muted">
        {formatInteger(totals.samples)} samples, none with ground truth.
      </p>
    );
  }
  return (
    <p id={id} className="nums flex flex-wrap gap-x-3 text-xs text-muted">
      <span>
        <b className="font-semibold text-ink">{formatInteger(totals.rightAtLast)}</b> of{" "}
        {formatInteger(totals.scored)} correct at the end
      </span>
      {figures.map(([key, label, count]) => (
        <Tooltip key={key} content={meanings[key]}>
          <span data-total={key}>
            <b className="font-semibold text-ink">{formatInteger(count)}</b> {label}
          </span>
        </Tooltip>
      ))}
    </p>
  );
}
