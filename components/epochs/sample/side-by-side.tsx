"use client";

import type { Prediction, SampleHistoryReply } from "@signalbox/protocol/data/prediction";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { type EpochChoice, nearestIndex } from "@/lib/predictions/epoch-choice";
import type { DiffLevel } from "@/lib/predictions/text/diff-answers";
import { LongText } from "../text/long-text";
import { Verdict } from "../text/verdict";
import type { EpochParams } from "../use-epoch-params";
import { AnswerDetails } from "./answer-details";
import { AnswerFigures } from "./answer-figures";
import { RunPicker } from "./run-picker";

interface SideBySideProps {
  jobId: string;
  predictions: readonly Prediction[];
  choice: EpochChoice;
  epochs: EpochParams;
  level: DiffLevel;
  /** The same sample in another run, if one is selected. */
  other: UseQueryResult<SampleHistoryReply | null>;
}

/** The selected epoch's answer next to that of another epoch or run. */
export function SideBySide(props: SideBySideProps) {
  const { jobId, predictions, choice, epochs, level, other } = props;
  const { params, set } = epochs;
  const at = (epoch: number | null) => predictions.find((each) => each.epoch === epoch);
  const now = at(choice.epoch);
  const theirs = other.data ? nearest(other.data.predictions, choice.epoch) : undefined;
  const left = params.run === null ? at(choice.compare) : theirs;
  const common = { level, reveal: params.reveal };
  return (
    <section aria-label="Side by side" className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-medium">Side by side</h3>
        <RunPicker jobId={jobId} value={params.run} onValueChange={(run) => void set({ run })} />
      </div>
      <div className="grid gap-2 sm:grid-cols-2">
        <Side
          title={
            params.run === null
              ? choice.compare === null
                ? "No epoch to compare with"
                : `Epoch ${choice.compare}`
              : theirs
                ? `Other run, epoch ${theirs.epoch}`
                : "Other run"
          }
          {...common}
          answer={left}
        >
          {params.run === null ? null : <OtherState other={other} />}
        </Side>
        <Side title={`Epoch ${choice.epoch}`} {...common} answer={now} chosen />
      </div>
    </section>
  );
}

function nearest(predictions: readonly Prediction[], epoch: number): Prediction | undefined {
  if (predictions.length === 0) return undefined;
  return predictions[
    nearestIndex(
      predictions.map((each) => each.epoch),
      epoch,
    )
  ];
}

function OtherState({ other }: Pick<SideBySideProps, "other">) {
  if (other.isPending) return <>Looking for the sample…</>;
  if (other.error) return <>Could not load the other run.</>;
  return other.data === null ? <>The other run does not have this sample.</> : null;
}

interface SideProps {
  title: string;
  answer: Prediction | undefined;
  level: DiffLevel;
  reveal: boolean;
  chosen?: boolean;
  /** Shown where there is no answer. */
  children?: ReactNode;
}

function Side({ title, answer, level, reveal, chosen = false, children }: SideProps) {
  const truth = answer?.ground_truth ?? null;
  return (
    <div
      className={cn(
        "min-w-0 rounded-md border p-2.5",
        chosen ? "border-accent-ink/50" : "border-line",
      )}
    >
      <h4 className="mb-1 flex items-center gap-1.5 text-xs font-medium text-muted">
        {answer && answer.exact_match !== null ? <Verdict exact={answer.exact_match} /> : null}
        {title}
      </h4>
      {answer ? (
        <>
          <LongText
            text={answer.prediction}
            label={`answer, ${title}`}
            reveal={reveal}
            against={truth === null ? null : { text: truth, tone: "mistake", level }}
          />
          <div className="mt-1.5">
            <AnswerFigures answer={answer} />
          </div>
          <AnswerDetails answer={answer} label={`metadata, ${title}`} reveal={reveal} />
        </>
      ) : (
        <p className="text-xs text-faint">{children ?? "No answer at this epoch."}</p>
      )}
    </div>
  );
}
