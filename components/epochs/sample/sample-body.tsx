"use client";

import type { Prediction } from "@signalbox/protocol/data/prediction";
import { useMemo } from "react";
import { cn } from "@/components/ui/cn";
import { useSameSample } from "@/lib/hooks/predictions/use-sample-history";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import { fittingLevel } from "@/lib/predictions/text/diff-answers";
import { Segmented } from "../segmented";
import { LongText } from "../text/long-text";
import type { EpochParams } from "../use-epoch-params";
import { AnswerHistory } from "./answer-history";
import { SideBySide } from "./side-by-side";

interface SampleBodyProps {
  jobId: string;
  /** The sample's answers by epoch; never empty. */
  predictions: readonly Prediction[];
  choice: EpochChoice;
  epochs: EpochParams;
  /** Another sample is being loaded. */
  stale: boolean;
}

/** Prompt and ground truth, two answers side by side, and the answers of all epochs. */
export function SampleBody({ jobId, predictions, choice, epochs, stale }: SampleBodyProps) {
  const { params, set } = epochs;
  const sample = predictions.at(-1);
  const other = useSameSample(params.run, stale ? undefined : sample);
  const level = useMemo(
    () =>
      params.diff ??
      fittingLevel(sample?.ground_truth ?? null, ...predictions.map((each) => each.prediction)),
    [params.diff, sample?.ground_truth, predictions],
  );
  if (!sample) return null;
  const { reveal } = params;
  const hasTruth = predictions.some(({ ground_truth }) => ground_truth !== null);
  return (
    <div className={cn("flex flex-col gap-4 p-4 transition-opacity", stale && "opacity-50")}>
      <dl className="grid grid-cols-[4.5rem_1fr] gap-x-3 gap-y-2">
        <dt className="pt-0.5 text-xs text-faint">Prompt</dt>
        <dd className="min-w-0">
          <LongText key={sample.sample_id} text={sample.prompt} label="prompt" reveal={reveal} />
        </dd>
        <dt className="pt-0.5 text-xs text-faint">Ground truth</dt>
        <dd className="min-w-0">
          {sample.ground_truth === null ? (
            <span className="text-xs text-faint">not provided</span>
          ) : (
            <LongText
              key={sample.sample_id}
              text={sample.ground_truth}
              label="truth"
              reveal={reveal}
            />
          )}
        </dd>
      </dl>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="Highlight differences by"
          value={level}
          onValueChange={(diff) => void set({ diff })}
          options={[
            { value: "words", label: "Words" },
            { value: "characters", label: "Characters" },
          ]}
        />
        {hasTruth ? (
          <Segmented
            label="Compare answers with"
            value={params.against}
            onValueChange={(against) => void set({ against })}
            options={[
              { value: "truth", label: "vs. ground truth" },
              { value: "before", label: "vs. previous epoch" },
            ]}
          />
        ) : null}
      </div>
      <SideBySide
        jobId={jobId}
        predictions={predictions}
        choice={choice}
        epochs={epochs}
        level={level}
        other={other}
      />
      <AnswerHistory
        predictions={predictions}
        choice={choice}
        level={level}
        against={hasTruth ? params.against : "before"}
        reveal={reveal}
        onEpoch={(epoch) => void set({ epoch })}
      />
    </div>
  );
}
