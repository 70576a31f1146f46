"use client";

import type { RunTabProps } from "@/components/run/run-tabs";
import { ErrorState } from "@/components/ui/error-state";
import { usePredictionNews } from "@/lib/hooks/use-prediction-news";
import { usePredictionTrends } from "@/lib/hooks/use-prediction-trends";
import { chooseEpochs } from "@/lib/predictions/epoch-choice";
import { EpochsBody } from "./epochs-body";
import { EpochsEmpty } from "./epochs-empty";
import { EpochsSkeleton } from "./epochs-skeleton";
import { useEpochParams } from "./use-epoch-params";

/** What the model answers at every epoch: side by side, against the truth, live. */
export function EpochsTab({ job, stream, attachedSeq }: RunTabProps) {
  usePredictionNews(stream, job.id, attachedSeq);
  const trends = usePredictionTrends(job.id);
  const epochs = useEpochParams();
  const { data } = trends;
  if (!data) {
    return trends.error ? (
      <ErrorState
        title="The predictions did not load"
        error={trends.error}
        retrying={trends.isFetching}
        onRetry={() => void trends.refetch()}
      />
    ) : (
      <EpochsSkeleton />
    );
  }
  const choice = chooseEpochs(
    data.trends.map(({ epoch }) => epoch),
    epochs.params,
  );
  if (!choice) return <EpochsEmpty job={job} />;
  return <EpochsBody job={job} data={data} choice={choice} epochs={epochs} />;
}
