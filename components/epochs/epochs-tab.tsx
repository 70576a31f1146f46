"use client";

import type { JobStatus } from "@signalbox/protocol/job/job";
import { memo } from "react";
import type { RunTabProps } from "@/components/run/run-tab-props";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { usePredictionTrends } from "@/lib/hooks/predictions/use-prediction-trends";
import { usePredictionUpdates } from "@/lib/hooks/predictions/use-prediction-updates";
import { chooseEpochs } from "@/lib/predictions/epoch-choice";
import { EpochsBody } from "./epochs-body";
import { EpochsEmpty } from "./epochs-empty";
import { EpochsSkeleton } from "./epochs-skeleton";
import { useEpochParams } from "./use-epoch-params";

/** The model's answers at every epoch, compared with the ground truth, live. */
export function EpochsTab({ job, stream, liveFromSeq }: RunTabProps) {
  usePredictionUpdates(stream, job.id, liveFromSeq);
  return <EpochsContent jobId={job.id} status={job.status} managed={job.managed} />;
}

interface EpochsContentProps {
  jobId: string;
  status: JobStatus;
  managed: boolean;
}

/** Memoised: the job changes at every step, the tab only with its predictions. */
const EpochsContent = memo(function EpochsContent({ jobId, status, managed }: EpochsContentProps) {
  const trends = usePredictionTrends(jobId);
  const epochs = useEpochParams();
  const { data } = trends;
  if (!data) {
    return trends.error ? (
      <ErrorState
        title="Could not load predictions"
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
  if (!choice) return <EpochsEmpty jobId={jobId} status={status} managed={managed} />;
  return <EpochsBody jobId={jobId} data={data} choice={choice} epochs={epochs} />;
});
