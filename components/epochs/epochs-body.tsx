"use client";

import type { PredictionTrendsReply } from "@signalbox/protocol/data/prediction";
import dynamic from "next/dynamic";
import { useCallback, useMemo } from "react";
import { usePhone } from "@/lib/hooks/page/use-media-query";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import {
  chooseComparing,
  epochMeasures,
  shownTrends,
} from "@/lib/predictions/scores/epoch-measures";
import { LearningMapSection } from "./map/learning-map-section";
import { EpochScrubber } from "./scrubber/epoch-scrubber";
import { Segmented } from "./segmented";
import { PredictionsSection } from "./table/predictions-section";
import { ChartsMenu } from "./trends/charts-menu";
import { Improvement } from "./trends/improvement";
import { type EpochParams, type EpochView, epochViews } from "./use-epoch-params";

/** Loads the chart library after the page. */
const TrendsSection = dynamic(
  () => import("./trends/trends-section").then((module) => module.TrendsSection),
  { ssr: false, loading: () => <div className="h-53" /> },
);

const viewLabels: Record<EpochView, string> = {
  all: "All",
  trends: "Trends",
  map: "Map",
  table: "Predictions",
};

interface EpochsBodyProps {
  jobId: string;
  data: PredictionTrendsReply;
  choice: EpochChoice;
  epochs: EpochParams;
}

/** The epoch scrubber, and the trends, map and table that follow it. */
export function EpochsBody({ jobId, data, choice, epochs }: EpochsBodyProps) {
  const { params, set } = epochs;
  const phone = usePhone();
  const view: EpochView = params.view ?? (phone ? "table" : "all");
  const measures = useMemo(() => epochMeasures(data), [data]);
  const comparing = useMemo(
    () => chooseComparing(measures, { by: params.by, better: params.better }),
    [measures, params.by, params.better],
  );
  const charts = useMemo(() => shownTrends(measures, params.trends), [measures, params.trends]);
  const shows = (part: EpochView) => view === "all" || view === part;
  const setEpoch = useCallback((epoch: number | null) => void set({ epoch }), [set]);
  const open = useCallback(
    (sample: number, epoch?: number) =>
      void set(epoch === undefined ? { sample } : { sample, epoch }),
    [set],
  );
  return (
    <div
      className="flex min-w-0 flex-1 flex-col max-lg:pb-28"
      data-epoch={choice.epoch}
      data-compare={choice.compare ?? undefined}
      data-follows={choice.follows}
    >
      <EpochScrubber
        trends={data.trends}
        choice={choice}
        compareWith={params.compare}
        onEpoch={setEpoch}
        onCompare={(compare) => void set({ compare })}
      />
      <div className="flex min-w-0 flex-1 flex-col gap-3 px-3 py-3 sm:px-4">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <Improvement data={data} comparing={comparing} />
          <div className="flex items-center gap-2 xl:ml-auto">
            {shows("trends") && measures.trends.length > 1 ? (
              <ChartsMenu
                all={measures.trends}
                shown={charts}
                isDefault={params.trends === null}
                onChange={(trends) => void set({ trends })}
              />
            ) : null}
            <Segmented
              label="View"
              value={view}
              onValueChange={(next) => void set({ view: next })}
              options={epochViews.map((value) => ({ value, label: viewLabels[value] }))}
            />
          </div>
        </div>
        {shows("trends") ? (
          measures.trends.length === 0 ? (
            <TrendsEmpty />
          ) : (
            <TrendsSection
              trends={data.trends}
              scores={measures.scores}
              shown={charts}
              comparing={comparing}
              choice={choice}
              onEpoch={setEpoch}
            />
          )
        ) : null}
        <div className="flex min-w-0 gap-3 max-xl:flex-col xl:h-[calc(100dvh-10.5rem)] xl:min-h-120">
          {shows("map") ? (
            <LearningMapSection
              jobId={jobId}
              measures={measures}
              comparing={comparing}
              choice={choice}
              epochs={epochs}
              alone={view === "map"}
              onOpen={open}
            />
          ) : null}
          {shows("table") || params.sample !== null ? (
            <PredictionsSection
              jobId={jobId}
              trends={data.trends}
              measures={measures}
              comparing={comparing}
              choice={choice}
              epochs={epochs}
              shown={shows("table")}
              onOpen={open}
            />
          ) : null}
        </div>
      </div>
    </div>
  );
}

/** What to send for charts to appear. */
function TrendsEmpty() {
  return (
    <p className="rounded-lg border border-line px-3 py-2 text-sm text-muted">
      These predictions can be compared but not measured. Send{" "}
      <code className="text-ink">ground_truth</code>, or any number or short text of your own such
      as <code className="text-ink">reward</code>, with each prediction to see trends.
    </p>
  );
}
